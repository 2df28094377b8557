import { createRemoteJWKSet, jwtVerify, type JWTPayload } from 'jose';
import { allowInsecureRequests, discovery, None } from 'openid-client';
import type { Caller } from '../../shared/core/access.ts';
import { ISSUER_TIMEOUT_SECONDS, isOnThisMachine, type Issuer } from './issuer.ts';
import { RefusedProofError, verdictOf } from './refused-proof.ts';
import { scopesOfClaims } from './scopes-of.ts';

/** Signatures that only the issuer can make: never `none`, never one by a shared secret. */
const ALGORITHMS = [
  'RS256',
  'RS384',
  'RS512',
  'PS256',
  'PS384',
  'PS512',
  'ES256',
  'ES384',
  'EdDSA',
];

/** Checks a JWT; who it is of.
 *  @throws RefusedProofError when it is not one of this issuer for us, or is over
 *  @throws Error when the issuer's keys can't be had */
export type JwtCheck = (token: string, nowMs: number) => Promise<Caller>;

/** Checks JWTs of an issuer by its own published keys, which are found at the first check. */
export function issuerJwtCheck(issuer: Issuer, timeoutSeconds = ISSUER_TIMEOUT_SECONDS): JwtCheck {
  let keys: Promise<Keys> | undefined;
  return async (token, nowMs) => {
    keys ??= publishedKeys(issuer, timeoutSeconds);
    const { jwks, name } = await keys.catch((error: unknown) => {
      keys = undefined;
      throw error;
    });
    const { payload } = await jwtVerify(token, jwks, {
      issuer: name,
      algorithms: ALGORITHMS,
      requiredClaims: ['sub', 'exp'],
      currentDate: new Date(nowMs),
    }).catch((error: unknown) => {
      throw verdictOf(error);
    });
    assertForUs(payload, issuer);
    const subject = payload.sub ?? '';
    const scopes = scopesOfClaims(payload, issuer.groups);
    return { kind: 'jwt', subject: `person:${subject}`, name: subject, scopes, csrf: null };
  };
}

interface Keys {
  readonly jwks: ReturnType<typeof createRemoteJWKSet>;
  readonly name: string;
}

async function publishedKeys({ url, clientId }: Issuer, timeoutSeconds: number): Promise<Keys> {
  const execute = isOnThisMachine(url) ? [allowInsecureRequests] : [];
  const found = await discovery(new URL(url), clientId, undefined, None(), {
    execute,
    timeout: timeoutSeconds,
  });
  const { issuer, jwks_uri: address } = found.serverMetadata();
  if (address === undefined) throw new Error('the issuer publishes no keys (jwks_uri)');
  return {
    jwks: createRemoteJWKSet(new URL(address), { timeoutDuration: timeoutSeconds * 1000 }),
    name: issuer,
  };
}

/** Its audience is us; Cognito's access tokens have none and name the client instead. */
function assertForUs({ aud, client_id: client }: JWTPayload, { clientId }: Issuer): void {
  const isAudience = [aud].flat().includes(clientId);
  const isClient = aud === undefined && client === clientId;
  if (!isAudience && !isClient) throw new RefusedProofError('the token is for another client');
}
