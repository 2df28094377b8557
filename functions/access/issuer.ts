import type { GroupMapping } from './scopes-of.ts';

/** The OpenID Connect issuer that people, and programs with its JWTs, come from. */
export interface Issuer {
  /** For example `https://cognito-idp.eu-west-3.amazonaws.com/eu-west-3_abc`. */
  readonly url: string;
  readonly clientId: string;
  /** Null for a public client: PKCE protects the code either way. */
  readonly clientSecret: string | null;
  readonly groups: GroupMapping;
}

/** How long the issuer may take over one answer. Finding its keys takes two, and an HTTP API waits 10 s for
 *  its authorizer: after it nobody would be told that the issuer is out of reach. */
export const ISSUER_TIMEOUT_SECONDS = 4;

/** Plain http is for an issuer on this machine alone: a test's, or a developer's. */
export const isOnThisMachine = (url: string): boolean =>
  ['localhost', '127.0.0.1', '[::1]'].includes(new URL(url).hostname);
