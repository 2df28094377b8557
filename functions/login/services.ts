import { newSecret } from '../../shared/adapters/secrets.ts';
import { storedSecret } from '../../shared/adapters/stored-secret.ts';
import { createSystemClock } from '../../shared/adapters/system-clock.ts';
import type { Clock } from '../../shared/core/ports.ts';
import { loginEnvironment } from '../../shared/environment.ts';
import type { Issuer } from '../access/issuer.ts';
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
  return {
    clock,
    log: createLog(clock, (text) => text),
    publicReads: true,
    imageHosts: environment.IMAGE_HOSTS,
    issuer: clientOf(clientSecret, (secret) => issuerOf(environment, secret)),
    sessionSecret: storedSecret(SESSION_SECRET_ARN, { clock }),
    newSecret,
  };
});

/** The client of an issuer, kept until its client's secret changes. */
export function clientOf(
  clientSecret: () => Promise<string | null>,
  issuerWith: (secret: string | null) => Issuer | null,
): () => Promise<IssuerClient | null> {
  let known: { readonly secret: string | null; readonly client: IssuerClient | null } | undefined;
  return async () => {
    const secret = await clientSecret();
    if (known?.secret === secret) return known.client;
    const issuer = issuerWith(secret);
    known = { secret, client: issuer === null ? null : createIssuerClient(issuer) };
    return known.client;
  };
}
