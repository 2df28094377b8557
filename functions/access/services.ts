import type * as z from 'zod';
import { createClient } from '../../shared/adapters/dynamodb/client.ts';
import { createDynamoDBTokens } from '../../shared/adapters/dynamodb/tokens.ts';
import { sha256 } from '../../shared/adapters/secrets.ts';
import { storedSecret } from '../../shared/adapters/stored-secret.ts';
import { createSystemClock } from '../../shared/adapters/system-clock.ts';
import { ConfigurationError } from '../../shared/core/errors.ts';
import { identityEnvironment } from '../../shared/environment.ts';
import { createLog, environmentOf } from '../runtime.ts';
import { lazily } from '../services.ts';
import type { IdentityServices } from './identify.ts';
import type { Issuer } from './issuer.ts';
import { issuerJwtCheck } from './issuer-jwt.ts';

type IssuerSettings = Pick<
  z.output<typeof identityEnvironment>,
  'OIDC_ISSUER' | 'OIDC_CLIENT_ID' | 'OIDC_GROUPS_CLAIM' | 'OIDC_GROUP_SCOPES'
>;

const BOTH = 'OIDC_ISSUER and OIDC_CLIENT_ID go together: set both, or neither.';

/** The configured issuer, or null when there is none.
 *  @throws ConfigurationError where half of it is configured */
export function issuerOf(settings: IssuerSettings, clientSecret: string | null): Issuer | null {
  const { OIDC_ISSUER: url, OIDC_CLIENT_ID: clientId } = settings;
  if ((url === undefined) !== (clientId === undefined)) throw new ConfigurationError(BOTH);
  if (url === undefined || clientId === undefined) return null;
  const groups = { claim: settings.OIDC_GROUPS_CLAIM, scopesOf: settings.OIDC_GROUP_SCOPES };
  return { url, clientId, clientSecret, groups };
}

/** The services of the authorizer, from its environment. */
export const identityServices = /* @__PURE__ */ lazily((): IdentityServices => {
  const environment = environmentOf(identityEnvironment);
  const { TABLE_NAME, DYNAMODB_ENDPOINT, SESSION_SECRET_ARN } = environment;
  const clock = createSystemClock();
  const client = createClient({ endpoint: DYNAMODB_ENDPOINT, purpose: 'read' });
  const issuer = issuerOf(environment, null);
  return {
    tokens: createDynamoDBTokens(client, TABLE_NAME),
    clock,
    log: createLog(clock, (text) => text),
    sessionSecret: storedSecret(SESSION_SECRET_ARN, { clock }),
    checkJwt: issuer === null ? null : issuerJwtCheck(issuer),
    sha256,
  };
});
