import { createHandler as createAuthorizer } from '../functions/authorizer/index.ts';
import { issuerJwtCheck } from '../functions/access/issuer-jwt.ts';
import { issuerOf } from '../functions/access/services.ts';
import { createIssuerClient } from '../functions/login/issuer-client.ts';
import type { LoginServices } from '../functions/login/services.ts';
import { newSecret, sha256 } from '../shared/adapters/secrets.ts';
import type { TokenStore } from '../shared/core/access.ts';
import type { Clock, Log } from '../shared/core/ports.ts';
import { localIdentityEnvironment, parseEnvironment } from '../shared/environment.ts';

export interface LocalIdentity {
  readonly authorizer: ReturnType<typeof createAuthorizer>;
  readonly login: Pick<LoginServices, 'issuer' | 'sessionSecret' | 'newSecret'>;
  /** False: people sign in by a one-time link. */
  readonly hasIssuer: boolean;
}

/**
 * Who people and programs are in a local run: by an issuer where one is configured, by one-time links
 * where none is; access tokens always. Sessions end with the program.
 * @throws ConfigurationError naming each wrong setting
 */
export function localIdentity(
  environment: Readonly<Record<string, string | undefined>>,
  { tokens, clock, log }: { readonly tokens: TokenStore; readonly clock: Clock; readonly log: Log },
): LocalIdentity {
  const settings = parseEnvironment(localIdentityEnvironment, environment);
  const issuer = issuerOf(settings, settings.OIDC_CLIENT_SECRET ?? null);
  const secret = newSecret();
  const sessionSecret = async () => secret;
  const client = issuer === null ? null : createIssuerClient(issuer);
  const checkJwt = issuer === null ? null : issuerJwtCheck(issuer);
  const services = { tokens, clock, log, sessionSecret, checkJwt, sha256 };
  return {
    authorizer: createAuthorizer(() => services),
    login: { issuer: async () => client, sessionSecret, newSecret },
    hasIssuer: issuer !== null,
  };
}
