import { isExpired, TOKEN_PREFIX, type Caller, type TokenStore } from '../../shared/core/access.ts';
import type { Clock, Log } from '../../shared/core/ports.ts';
import type { JwtCheck } from './issuer-jwt.ts';
import { RefusedProofError } from './refused-proof.ts';
import { openSession, SESSION_COOKIE } from './session.ts';

/** What finding out who asks needs of the outside. */
export interface IdentityServices {
  readonly tokens: TokenStore;
  readonly clock: Pick<Clock, 'nowMs'>;
  readonly log: Log;
  /** What sessions are signed with. */
  readonly sessionSecret: () => Promise<string>;
  /** Null where no issuer is configured: then no JWT is taken. */
  readonly checkJwt: JwtCheck | null;
  readonly sha256: (text: string) => string;
}

/** What a request brings to prove who sends it. */
export interface Proof {
  /** The `Authorization` header. */
  readonly authorization: string | undefined;
  /** As `name=value`. */
  readonly cookies: readonly string[];
}

/** Nobody: nothing was brought, or what was brought proves nothing. */
export interface Anonymous {
  readonly kind: 'anonymous';
  /** True when something was brought, and it was refused. */
  readonly refused: boolean;
  /** True when what was brought could not be checked. */
  readonly unavailable?: boolean;
}

/**
 * Who asks. A bearer goes before a session: a program that sends one wants to be judged by it. What
 * proves nothing makes nobody of its bearer, never an error; why is in the log, without the proof.
 * @throws Error when it can't be checked now: the store, the issuer or the secret is out of reach
 */
export async function identify(
  { authorization, cookies }: Proof,
  services: IdentityServices,
): Promise<Caller | Anonymous> {
  const bearer = /^Bearer +(\S+)$/i.exec(authorization ?? '')?.[1];
  const session = cookieNamed(SESSION_COOKIE, cookies);
  if (bearer === undefined && session === undefined) return { kind: 'anonymous', refused: false };
  try {
    return bearer === undefined
      ? await ofSession(session ?? '', services)
      : await ofBearer(bearer, services);
  } catch (error) {
    if (!(error instanceof RefusedProofError)) throw error;
    const by = bearer === undefined ? 'session' : 'bearer';
    services.log.warn('identity_refused', { by, reason: error.message });
    return { kind: 'anonymous', refused: true };
  }
}

async function ofSession(sealed: string, services: IdentityServices): Promise<Caller> {
  const secret = await services.sessionSecret();
  return openSession(sealed, { secret, nowMs: services.clock.nowMs() });
}

async function ofBearer(bearer: string, services: IdentityServices): Promise<Caller> {
  const { tokens, clock, checkJwt, sha256 } = services;
  if (!bearer.startsWith(TOKEN_PREFIX)) {
    if (checkJwt === null) throw new RefusedProofError('no issuer is configured: no JWT is taken');
    return checkJwt(bearer, clock.nowMs());
  }
  const token = await tokens.find(sha256(bearer));
  if (token === null) throw new RefusedProofError('no such access token');
  if (isExpired(token, clock.nowMs())) {
    throw new RefusedProofError(`access token ${token.id} has expired`);
  }
  const { id, name, scopes } = token;
  return { kind: 'token', subject: `token:${id}`, name, scopes, csrf: null };
}

function cookieNamed(name: string, cookies: readonly string[]): string | undefined {
  const start = `${name}=`;
  return cookies.find((cookie) => cookie.startsWith(start))?.slice(start.length);
}
