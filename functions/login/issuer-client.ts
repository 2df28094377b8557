import {
  allowInsecureRequests,
  authorizationCodeGrant,
  buildAuthorizationUrl,
  buildEndSessionUrl,
  calculatePKCECodeChallenge,
  ClientError,
  ClientSecretPost,
  discovery,
  enableNonRepudiationChecks,
  None,
  randomNonce,
  randomPKCECodeVerifier,
  randomState,
  type Configuration,
} from 'openid-client';
import { ISSUER_TIMEOUT_SECONDS, isOnThisMachine, type Issuer } from '../access/issuer.ts';
import { scopesOfClaims } from '../access/scopes-of.ts';
import type { SignedIn } from '../access/session.ts';
import type { LoginState } from './login-state.ts';

/** The issuer, as signing people in needs it. */
export interface IssuerClient {
  /** The issuer's own page to sign in, and what its answer will be held against. */
  begin(
    redirectUri: string,
    back: string,
  ): Promise<{ readonly url: string; readonly login: LoginState }>;
  /** Who signed in. @throws IssuerUnreachableError; Error when the answer is not the one to this login, or
   *  not valid */
  finish(answered: URL, login: LoginState): Promise<SignedIn>;
  /** The issuer's own page to sign out, or null when it has none.
   *  @param home where Cognito sends people then: it is among its client's addresses */
  signOutUrl(home: string): Promise<string | null>;
}

/** The issuer can't be asked, or does not answer: that says nothing of who signs in. */
export class IssuerUnreachableError extends Error {
  override readonly name = 'IssuerUnreachableError';
}

/** OpenID Connect's authorization code flow with PKCE, by a certified library. */
export function createIssuerClient(
  issuer: Issuer,
  timeoutSeconds = ISSUER_TIMEOUT_SECONDS,
): IssuerClient {
  let found: Promise<Configuration> | undefined;
  const configuration = (): Promise<Configuration> => {
    found ??= discovered(issuer, timeoutSeconds);
    return found.catch((error: unknown) => {
      found = undefined;
      throw error;
    });
  };
  return {
    begin: async (redirectUri, back) => begun(await configuration(), redirectUri, back),
    finish: async (answered, login) => {
      const tokens = await configuration()
        .then((known) => granted(known, answered, login))
        .catch((error: unknown) => {
          throw isUnreachable(error)
            ? new IssuerUnreachableError('the issuer does not answer', { cause: error })
            : error;
        });
      const claims = tokens.claims();
      if (claims === undefined) throw new Error('the issuer sent no ID token');
      return signedIn(claims, issuer);
    },
    signOutUrl: async (home) => {
      const known = await configuration();
      if (known.serverMetadata().end_session_endpoint === undefined) return null;
      // Cognito's own name of it: OpenID Connect's would be refused by an issuer that does not know it.
      return buildEndSessionUrl(known, { logout_uri: home }).href;
    },
  };
}

const granted = (known: Configuration, answered: URL, login: LoginState) =>
  authorizationCodeGrant(known, answered, {
    pkceCodeVerifier: login.verifier,
    expectedState: login.state,
    expectedNonce: login.nonce,
    idTokenExpected: true,
  });

/** A connection that fails is a TypeError of `fetch`, with its cause. */
function isUnreachable(error: unknown): boolean {
  if (error instanceof TypeError) return error.cause !== undefined;
  if (!(error instanceof ClientError)) return false;
  const { code, cause } = error;
  return code === 'OAUTH_TIMEOUT' || (cause instanceof Response && cause.status >= 500);
}

/** @param timeout of this request, and of each that is made later; seconds */
function discovered(
  { url, clientId, clientSecret }: Issuer,
  timeout: number,
): Promise<Configuration> {
  const authentication = clientSecret === null ? None() : ClientSecretPost(clientSecret);
  const execute = [
    enableNonRepudiationChecks,
    ...(isOnThisMachine(url) ? [allowInsecureRequests] : []),
  ];
  return discovery(new URL(url), clientId, undefined, authentication, { execute, timeout });
}

async function begun(configuration: Configuration, redirectUri: string, back: string) {
  const login = {
    verifier: randomPKCECodeVerifier(),
    state: randomState(),
    nonce: randomNonce(),
    back,
  };
  const url = buildAuthorizationUrl(configuration, {
    redirect_uri: redirectUri,
    scope: 'openid profile email',
    code_challenge: await calculatePKCECodeChallenge(login.verifier),
    code_challenge_method: 'S256',
    state: login.state,
    nonce: login.nonce,
  });
  return { url: url.href, login };
}

function signedIn(
  claims: { readonly sub: string; readonly [claim: string]: unknown },
  { groups }: Issuer,
): SignedIn {
  const named = [claims['email'], claims['name'], claims['preferred_username']];
  const name = named.find((one) => typeof one === 'string') ?? claims.sub;
  return { subject: claims.sub, name, scopes: scopesOfClaims(claims, groups) };
}
