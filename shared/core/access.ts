/** What a caller may do; each but `read` includes the ones before it. */
export const SCOPES = ['read', 'sync', 'sync:force', 'admin'] as const;
export type Scope = (typeof SCOPES)[number];

/** True for exactly the names of scopes. */
export const isScope = (text: string): text is Scope => SCOPES.some((scope) => scope === text);

/** True when one of these scopes is the needed one, or includes it. */
export function allows(scopes: readonly Scope[], needed: Scope): boolean {
  return scopes.some((scope) => SCOPES.indexOf(scope) >= SCOPES.indexOf(needed));
}

/** How a caller proved who they are. */
export type CallerKind = 'session' | 'token' | 'jwt';

/** Who asks, as the authorizer found out. */
export interface Caller {
  readonly kind: CallerKind;
  /** The same for the same person or program for ever, and for no other. */
  readonly subject: string;
  /** For people to read. */
  readonly name: string;
  readonly scopes: readonly Scope[];
  /** What a form of this session carries; null for programs, whom no page can impersonate. */
  readonly csrf: string | null;
}

/** An access token as it is kept: never the token itself. */
export interface AccessToken {
  /** For people: lists and `revoke` use it. */
  readonly id: string;
  readonly name: string;
  readonly scopes: readonly Scope[];
  readonly createdAtMs: number;
  readonly expiresAtMs: number;
}

/** Where access tokens are kept, by the SHA-256 of each. */
export interface TokenStore {
  /** @throws StoreUnavailableError */
  add(sha256: string, token: AccessToken): Promise<void>;
  /** Null for one that was never made, or was revoked. An expired one may still be found. */
  find(sha256: string): Promise<AccessToken | null>;
  /** All that were not revoked, oldest first. */
  list(): Promise<readonly AccessToken[]>;
  /** False when no token has that id. */
  revoke(id: string): Promise<boolean>;
}

/** What every access token starts with, so that people and scanners know one when they see it. */
export const TOKEN_PREFIX = 'b2bsync_';

/** Expired at this moment exactly, too. */
export const isExpired = ({ expiresAtMs }: Pick<AccessToken, 'expiresAtMs'>, nowMs: number) =>
  nowMs >= expiresAtMs;
