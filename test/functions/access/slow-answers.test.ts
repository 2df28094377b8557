import { createServer, type Server } from 'node:http';
import { performance } from 'node:perf_hooks';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { ISSUER_TIMEOUT_SECONDS, type Issuer } from '../../../functions/access/issuer.ts';
import { issuerJwtCheck } from '../../../functions/access/issuer-jwt.ts';
import { createIssuerClient } from '../../../functions/login/issuer-client.ts';
import { storedSecret } from '../../../shared/adapters/stored-secret.ts';
import { createSystemClock } from '../../../shared/adapters/system-clock.ts';
import { stubAwsService } from '../../support/aws-service.ts';
import { listening } from '../../support/listening.ts';

/** In place of the deployed one, so that these tests are quick. */
const TIMEOUT_SECONDS = 0.3;
/** An HTTP API waits as long for its authorizer. */
const GATEWAY_SECONDS = 10;
const A_JWT = [{ alg: 'RS256', kid: 'one' }, { sub: 'alice' }, {}]
  .map((part) => Buffer.from(JSON.stringify(part)).toString('base64url'))
  .join('.');

let server: Server;
let url = '';
let asked: string[] = [];

/** Says where its keys are below `/keys-hang`, and else nothing, ever. */
beforeAll(async () => {
  server = createServer((request, response) => {
    asked.push(request.url ?? '');
    if (!request.url?.startsWith('/keys-hang/.well-known/')) return;
    const issuer = `${url}/keys-hang`;
    response.setHeader('content-type', 'application/json');
    response.end(JSON.stringify({ issuer, jwks_uri: `${url}/keys` }));
  });
  url = `http://localhost:${await listening(server)}`;
  stubAwsService('SECRETS_MANAGER', `${url}/secrets`);
});
afterAll(() => {
  vi.unstubAllEnvs();
  server.close().closeAllConnections();
});

const issuerAt = (path: string): Issuer => ({
  url: `${url}${path}`,
  clientId: 'b2b-catalog',
  clientSecret: null,
  groups: { claim: 'groups', scopesOf: new Map() },
});

/** How long something that fails takes to do so, seconds. */
async function secondsUntilRefused(attempt: Promise<unknown>): Promise<number> {
  const from = performance.now();
  await expect(attempt).rejects.toThrow(/time|abort/i);
  return (performance.now() - from) / 1000;
}

test.each([
  ['where they are', '', '/.well-known/openid-configuration'],
  ['them', '/keys-hang', '/keys'],
])(
  'a JWT is not waited for without end when the issuer of its keys does not say %s',
  async (_what, path, hanging) => {
    asked = [];
    const check = issuerJwtCheck(issuerAt(path), TIMEOUT_SECONDS);
    expect(await secondsUntilRefused(check(A_JWT, 0))).toBeLessThan(3);
    expect(asked.at(-1)).toBe(hanging);
  },
);

test('nor is a sign-in by it', async () => {
  const client = createIssuerClient(issuerAt(''), TIMEOUT_SECONDS);
  const begun = client.begin('https://shop.example/inventory/login/callback', '/');
  expect(await secondsUntilRefused(begun)).toBeLessThan(3);
});

test.concurrent(
  'as deployed, both answers that finding the keys takes may be late, and the authorizer still says so',
  async () => {
    expect(2 * ISSUER_TIMEOUT_SECONDS).toBeLessThan(GATEWAY_SECONDS - 1);
    const check = issuerJwtCheck(issuerAt(''))(A_JWT, 0);
    expect(await secondsUntilRefused(check)).toBeLessThan(GATEWAY_SECONDS - 2);
  },
);

test.concurrent(
  'as deployed, the secret of the sessions may be late twice, and the authorizer still says so',
  async () => {
    const secret = storedSecret('session-secret', { clock: createSystemClock() });
    expect(await secondsUntilRefused(secret())).toBeLessThan(GATEWAY_SECONDS - 2);
    expect(asked.filter((path) => path.startsWith('/secrets'))).toHaveLength(2);
  },
);
