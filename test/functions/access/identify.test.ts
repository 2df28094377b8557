import { createHmac } from 'node:crypto';
import { SignJWT, type CryptoKey } from 'jose';
import { expect, test } from 'vitest';
import { createHandler } from '../../../functions/authorizer/index.ts';
import { httpHandler } from '../../../functions/read-handler.ts';
import type { Issuer } from '../../../functions/access/issuer.ts';
import { issuerJwtCheck } from '../../../functions/access/issuer-jwt.ts';
import { sealSession } from '../../../functions/access/session.ts';
import { freePort } from '../../../local/free-port.ts';
import { sha256 } from '../../../shared/adapters/secrets.ts';
import { TOKEN_PREFIX, type AccessToken } from '../../../shared/core/access.ts';
import { StoreUnavailableError } from '../../../shared/core/errors.ts';
import { lambdaContext } from '../../support/gateway-event.ts';
import { useIssuerServer } from '../../support/issuer-server.ts';
import { silent as log } from '../../support/forced-sync.ts';

const NOW_MS = 1_795_341_600_000;
const HOUR_S = 3600;
const nowS = NOW_MS / 1000;
const SECRET = 'a secret of the tests that has more than 256 bits';

const issuer = useIssuerServer();

const tokens = new Map<string, AccessToken>();

const groups = { claim: 'groups', scopesOf: new Map([['staff', ['sync'] as const]]) };
const issuerAt = (url: string): Issuer => ({
  url,
  clientId: 'b2b-catalog',
  clientSecret: null,
  groups,
});

async function callerBy(
  headers: Record<string, string>,
  cookies: string[] = [],
  {
    url = issuer.url,
    sessionSecret = async () => SECRET,
  }: { readonly url?: string; readonly sessionSecret?: () => Promise<string> } = {},
) {
  const check = issuerJwtCheck(issuerAt(url));
  const authorizer = createHandler(() => ({
    tokens: {
      add: async () => {},
      find: async (hash) => tokens.get(hash) ?? null,
      list: async () => [],
      revoke: async () => false,
    },
    clock: { nowMs: () => NOW_MS },
    log,
    sessionSecret,
    checkJwt: check,
    sha256,
  }));
  return (await authorizer({ headers, cookies })).context;
}

const bearer = (token: string) => callerBy({ authorization: `Bearer ${token}` });
const REFUSED = { kind: 'anonymous', refused: true };

interface Wish {
  readonly scope?: string;
  readonly key?: CryptoKey;
  readonly issuer?: string;
  /** Null: none. */
  readonly audience?: string | null;
  /** Null: never. */
  readonly expiresAt?: number | null;
  /** The client that it was made for, as Cognito's access tokens say. */
  readonly client?: string;
}

const jwt = ({ scope, audience = 'b2b-catalog', expiresAt = nowS + HOUR_S, ...wish }: Wish = {}) =>
  new SignJWT({
    groups: scope === undefined ? ['staff'] : [],
    scope,
    client_id: wish.client,
    ...(audience !== null && { aud: audience }),
    ...(expiresAt !== null && { exp: expiresAt }),
  })
    .setProtectedHeader({ alg: 'RS256', kid: 'one' })
    .setSubject('alice')
    .setIssuer(wish.issuer ?? issuer.url)
    .sign(wish.key ?? issuer.ours);

const encoded = (part: object) => Buffer.from(JSON.stringify(part)).toString('base64url');

test('of a token’s own scopes those of ours count, by their prefix: another application’s admin is nobody here', async () => {
  const { scopes } = await bearer(await jwt({ scope: 'openid admin b2b-catalog/sync sync:force' }));
  expect(scopes).toBe('sync');
});

test('a scope of another application grants nothing, however like ours its prefix is', async () => {
  const others = 'other-shops/admin B2B-CATALOG/admin b2b-catalogue/admin /admin b2b-catalog';
  expect(await bearer(await jwt({ scope: others }))).toMatchObject({ kind: 'jwt', scopes: '' });
});

test('a JWT of the issuer for us is taken, with the scopes of its groups', async () => {
  expect(await bearer(await jwt())).toMatchObject({
    kind: 'jwt',
    subject: 'person:alice',
    scopes: 'sync',
  });
});

test('the name of the scheme counts in any case', async () => {
  const authorization = `bEARER ${await jwt()}`;
  expect(await callerBy({ authorization })).toMatchObject({ kind: 'jwt', scopes: 'sync' });
});

test('a JWT that names no audience is for the client that it names', async () => {
  const ofClient = (client: string) => jwt({ audience: null, client });
  expect(await bearer(await ofClient('b2b-catalog'))).toMatchObject({ subject: 'person:alice' });
  expect(await bearer(await ofClient('another-client'))).toEqual(REFUSED);
});

test('a JWT that is over or never is, foreign, for another, or signed by another is refused', async () => {
  const wishes: Wish[] = [
    { expiresAt: nowS - 1 },
    { expiresAt: null },
    { issuer: 'https://evil.example' },
    { audience: 'another-client' },
    { audience: 'another-client', client: 'b2b-catalog' },
    { key: issuer.foreign },
  ];
  for (const wish of wishes)
    expect(await bearer(await jwt(wish)), JSON.stringify(wish)).toEqual(REFUSED);
});

test('a JWT without a signature, or signed with a public text as a shared secret, is refused', async () => {
  const claims = {
    sub: 'alice',
    iss: issuer.url,
    aud: 'b2b-catalog',
    exp: nowS + HOUR_S,
    groups: ['staff'],
  };
  const unsigned = `${encoded({ alg: 'none' })}.${encoded(claims)}.`;
  const body = `${encoded({ alg: 'HS256', kid: 'one' })}.${encoded(claims)}`;
  const shared = createHmac('sha256', issuer.url).update(body).digest('base64url');
  expect(await bearer(unsigned)).toEqual(REFUSED);
  expect(await bearer(`${body}.${shared}`)).toEqual(REFUSED);
  expect(await bearer('not.a.jwt')).toEqual(REFUSED);
});

test('an access token lets in until it expires; one that was never made does not', async () => {
  const token = { id: '01T', name: 'shop', scopes: ['sync:force'], createdAtMs: 0 } as const;
  tokens.set(sha256(`${TOKEN_PREFIX}good`), { ...token, expiresAtMs: NOW_MS + 1 });
  tokens.set(sha256(`${TOKEN_PREFIX}old`), { ...token, expiresAtMs: NOW_MS });
  expect(await bearer(`${TOKEN_PREFIX}good`)).toMatchObject({
    kind: 'token',
    subject: 'token:01T',
    scopes: 'sync:force',
  });
  expect(await bearer(`${TOKEN_PREFIX}old`)).toEqual(REFUSED);
  expect(await bearer(`${TOKEN_PREFIX}unknown`)).toEqual(REFUSED);
});

const person = { subject: 'alice', name: 'Alice', scopes: ['admin'] } as const;
const sealed = (secret = SECRET, nowMs = NOW_MS) =>
  sealSession(person, { secret, csrf: 'c'.repeat(43), nowMs });
const session = async (text: string) => callerBy({}, [`other=1`, `__Host-session=${text}`]);

test('a session is taken for an hour; one that was changed, or sealed by another, never', async () => {
  expect(await session(await sealed())).toMatchObject({
    kind: 'session',
    name: 'Alice',
    scopes: 'admin',
  });
  expect(await session(await sealed(SECRET, NOW_MS - HOUR_S * 1000))).toEqual(REFUSED);
  expect(await session(await sealed(`another ${SECRET}`))).toEqual(REFUSED);
  const [head, , tail] = (await sealed()).split('.');
  const changed = {
    sub: 'alice',
    name: 'Alice',
    scopes: 'admin',
    csrf: 'x'.repeat(20),
    exp: nowS + HOUR_S,
  };
  expect(await session(`${head}.${encoded(changed)}.${tail}`)).toEqual(REFUSED);
});

test('nothing else that is signed with the secret of the sessions is taken for one', async () => {
  const signed = ({ audience = 'b2b-catalog-sync:session', alg = 'HS256' } = {}) =>
    new SignJWT({ sub: 'alice', name: 'Alice', scopes: 'admin', csrf: 'c'.repeat(43) })
      .setProtectedHeader({ alg })
      .setAudience(audience)
      .setExpirationTime(nowS + HOUR_S)
      .sign(new TextEncoder().encode(SECRET));
  expect(await session(await signed())).toMatchObject({ kind: 'session', scopes: 'admin' });
  expect(await session(await signed({ audience: 'b2b-catalog-sync:login' }))).toEqual(REFUSED);
  expect(await session(await signed({ alg: 'HS512' }))).toEqual(REFUSED);
});

test('a bearer is judged by itself: a good session beside a bad one lets nobody in', async () => {
  const cookies = [`__Host-session=${await sealed()}`];
  expect(await callerBy({ authorization: 'Bearer nonsense' }, cookies)).toEqual(REFUSED);
});

test('nothing brought is nobody, and refused nothing', async () => {
  expect(await callerBy({})).toEqual({ kind: 'anonymous', refused: false });
});

test('who asks is not guessed while the store is down', async () => {
  const find = tokens.get.bind(tokens);
  tokens.get = () => {
    throw new StoreUnavailableError('no answer');
  };
  const unknown = { kind: 'anonymous', refused: false, unavailable: true };
  expect(await bearer(`${TOKEN_PREFIX}good`)).toEqual(unknown);
  tokens.get = find;
});

test('a good proof is not called invalid because it can’t be checked now', async () => {
  const unknown = { kind: 'anonymous', refused: false, unavailable: true };
  const authorization = `Bearer ${await jwt()}`;
  const nobodyThere = { url: `http://localhost:${await freePort()}` };
  expect(await callerBy({ authorization }, [], nobodyThere)).toEqual(unknown);
  for (const trouble of ['down', 'malformed'] as const) {
    issuer.keysAre = trouble;
    expect(await callerBy({ authorization }), trouble).toEqual(unknown);
  }
  issuer.keysAre = 'there';
  const noSecret = { sessionSecret: () => Promise.reject(new Error('throttled')) };
  const cookies = [`__Host-session=${await sealed()}`];
  expect(await callerBy({}, cookies, noSecret)).toEqual(unknown);
});

test('an issuer that was out of reach once is asked again: the next good JWT is taken', async () => {
  const check = issuerJwtCheck(issuerAt(issuer.url));
  const token = await jwt();
  issuer.discoveryIsDown = true;
  await expect(check(token, NOW_MS)).rejects.toThrow(/status code/);
  issuer.discoveryIsDown = false;
  expect(await check(token, NOW_MS)).toMatchObject({ subject: 'person:alice' });
});

test('what needs to know who asks answers 503 meanwhile, also to who signs out: none but their own form may do that', async () => {
  const authorizer = { lambda: { kind: 'anonymous', refused: false, unavailable: true } };
  const services = { log, publicReads: true, imageHosts: [] };
  const operation = async () => ({
    statusCode: 200,
    headers: {},
    body: '',
    isBase64Encoded: false,
  });
  const asked = async (name: 'staff' | 'login', routeKey: string) => {
    const handler = httpHandler({
      name,
      services: () => services,
      operations: { runs: operation, logout: operation },
    });
    const http = { method: routeKey.split(' ')[0] };
    const event = { routeKey, requestContext: { domainName: 'shop.example', http, authorizer } };
    return (await handler(event, lambdaContext())).statusCode;
  };
  expect(await asked('staff', 'GET /inventory/api/runs')).toBe(503);
  expect(await asked('login', 'POST /inventory/logout')).toBe(503);
});
