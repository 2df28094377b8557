import { jwtVerify, SignJWT } from 'jose';
import * as z from 'zod';
import { isScope, type Caller, type Scope } from '../../shared/core/access.ts';
import { RefusedProofError, verdictOf } from './refused-proof.ts';

/** Short enough that a person who left is out the same hour; the issuer signs in again by itself. */
const SESSION_SECONDS = 3_600;

/** With this prefix browsers take it only over a secure connection, for this host and every path. */
export const SESSION_COOKIE = '__Host-session';

/** Nothing else that we sign with the same secret is ever taken for a session. */
const AUDIENCE = 'b2b-catalog-sync:session';
const ALGORITHM = 'HS256';

const claims = z.object({
  sub: z.string().min(1),
  name: z.string(),
  scopes: z.string(),
  csrf: z.string().min(16),
});

/** A person that has signed in. */
export interface SignedIn {
  readonly subject: string;
  readonly name: string;
  readonly scopes: readonly Scope[];
}

/** A signed session.
 *  @param secret at least 256 bits, the same in every function that signs or reads sessions. */
export async function sealSession(
  { subject, name, scopes }: SignedIn,
  {
    secret,
    csrf,
    nowMs,
  }: { readonly secret: string; readonly csrf: string; readonly nowMs: number },
): Promise<string> {
  const nowSeconds = Math.floor(nowMs / 1000);
  return new SignJWT({ name, scopes: scopes.join(' '), csrf })
    .setProtectedHeader({ alg: ALGORITHM })
    .setSubject(subject)
    .setAudience(AUDIENCE)
    .setIssuedAt(nowSeconds)
    .setExpirationTime(nowSeconds + SESSION_SECONDS)
    .sign(keyOf(secret));
}

/** Who a session is of. @throws RefusedProofError when it is not ours, was changed, or is over */
export async function openSession(
  sealed: string,
  { secret, nowMs }: { readonly secret: string; readonly nowMs: number },
): Promise<Caller> {
  const { payload } = await jwtVerify(sealed, keyOf(secret), {
    algorithms: [ALGORITHM],
    audience: AUDIENCE,
    requiredClaims: ['exp'],
    currentDate: new Date(nowMs),
  }).catch((error: unknown) => {
    throw verdictOf(error);
  });
  const found = claims.safeParse(payload);
  if (!found.success) throw new RefusedProofError('the session lacks what sessions hold');
  const { sub, name, scopes, csrf } = found.data;
  return {
    kind: 'session',
    subject: `person:${sub}`,
    name,
    scopes: scopes.split(' ').filter(isScope),
    csrf,
  };
}

/** The header that gives a browser its session. */
export const sessionCookie = (sealed: string): string =>
  `${SESSION_COOKIE}=${sealed}; Path=/; Secure; HttpOnly; SameSite=Lax; Max-Age=${SESSION_SECONDS}`;

/** The header that takes it away again. */
export const NO_SESSION_COOKIE = `${SESSION_COOKIE}=; Path=/; Secure; HttpOnly; SameSite=Lax; Max-Age=0`;

const keyOf = (secret: string): Uint8Array => new TextEncoder().encode(secret);
