import { newSecret } from '../../shared/adapters/secrets.ts';
import { storedSecret } from '../../shared/adapters/stored-secret.ts';
import { createSystemClock } from '../../shared/adapters/system-clock.ts';
import type { Clock } from '../../shared/core/ports.ts';
import { loginEnvironment } from '../../shared/environment.ts';
import { issuerOf } from '../access/services.ts';
import type { HttpServices } from '../services.ts';
import { createLog, environmentOf } from '../runtime.ts';
import { lazily } from '../services.ts';
import { createIssuerClient, type IssuerClient } from './issuer-client.ts';

/** What signing people in needs of the outside. */
export interface LoginServices extends HttpServices {
  readonly clock: Pick<Clock, 'nowMs'>;
  /** Null where no issuer is configured. */
  readonly issuer: () => Promise<IssuerClient | null>;
  readonly sessionSecret: () => Promise<string>;
  readonly newSecret: () => string;
}

/** The services of the login, from its environment. */
export const loginServices = lazily((): LoginServices => {
  const environment = environmentOf(loginEnvironment);
  const { SESSION_SECRET_ARN, OIDC_CLIENT_SECRET_ARN } = environment;
  const clock = createSystemClock();
  const clientSecret =
    OIDC_CLIENT_SECRET_ARN === undefined
      ? async () => null
      : storedSecret(OIDC_CLIENT_SECRET_ARN, { clock });
  let client: IssuerClient | null | undefined;
  return {
    clock,
    log: createLog(clock, (text) => text),
    publicReads: true,
    imageHosts: environment.IMAGE_HOSTS,
    issuer: async () => {
      if (client !== undefined) return client;
      const issuer = issuerOf(environment, await clientSecret());
      client = issuer === null ? null : createIssuerClient(issuer);
      return client;
    },
    sessionSecret: storedSecret(SESSION_SECRET_ARN, { clock }),
    newSecret,
  };
});
