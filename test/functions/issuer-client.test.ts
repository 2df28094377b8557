import { createServer, type Server } from 'node:http';
import { exportJWK, generateKeyPair, SignJWT, type CryptoKey } from 'jose';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createIssuerClient } from '../../functions/login/issuer-client.ts';
import type { LoginState } from '../../functions/login/login-state.ts';
import { listening } from '../support/listening.ts';

const CLIENT_ID = 'b2b-catalog';
const CALLBACK = 'https://shop.example/inventory/login/callback';

let server: Server;
let issuer = '';
let ours: CryptoKey;
let foreign: CryptoKey;
let discoveryIsDown = false;
/** The ID token that the issuer hands out. */
let idToken = '';

beforeAll(async () => {
  const pair = await generateKeyPair('RS256');
  ours = pair.privateKey;
  foreign = (await generateKeyPair('RS256')).privateKey;
  const jwks = { keys: [{ ...(await exportJWK(pair.publicKey)), kid: 'one', alg: 'RS256' }] };
  server = createServer((request, response) => {
    const answers: Readonly<Record<string, object>> = {
      '/keys': jwks,
      '/token': { access_token: 'any', token_type: 'Bearer', id_token: idToken },
    };
    const discovery = {
      issuer,
      jwks_uri: `${issuer}/keys`,
      authorization_endpoint: `${issuer}/authorize`,
      token_endpoint: `${issuer}/token`,
      response_types_supported: ['code'],
      subject_types_supported: ['public'],
      id_token_signing_alg_values_supported: ['RS256'],
    };
    if (discoveryIsDown) response.statusCode = 503;
    response.setHeader('content-type', 'application/json');
    response.end(JSON.stringify(answers[request.url ?? ''] ?? discovery));
  });
  issuer = `http://localhost:${await listening(server)}`;
});
afterAll(() => void server.close());

const open = () =>
  createIssuerClient({
    url: issuer,
    clientId: CLIENT_ID,
    clientSecret: null,
    groups: { claim: 'groups', scopesOf: new Map([['owners', ['admin'] as const]]) },
  });

const idTokenOf = (nonce: string, key = ours) =>
  new SignJWT({ nonce, groups: ['owners'], email: 'alice@shop.example' })
    .setProtectedHeader({ alg: 'RS256', kid: 'one' })
    .setSubject('alice')
    .setIssuer(issuer)
    .setAudience(CLIENT_ID)
    .setIssuedAt()
    .setExpirationTime('5m')
    .sign(key);

/** The issuer's answer to a login, as the browser brings it. */
const answerTo = ({ state }: Pick<LoginState, 'state'>) =>
  new URL(`${CALLBACK}?code=one&state=${state}`);

test('who signed in is told by the ID token, with the scopes of their groups', async () => {
  const client = open();
  const { login } = await client.begin(CALLBACK, '/');
  idToken = await idTokenOf(login.nonce);
  expect(await client.finish(answerTo(login), login)).toEqual({
    subject: 'alice',
    name: 'alice@shop.example',
    scopes: ['admin'],
  });
});

test('an ID token of another login is refused, and so is one that the issuer did not sign', async () => {
  const client = open();
  const { login } = await client.begin(CALLBACK, '/');
  const others = (await client.begin(CALLBACK, '/')).login;
  idToken = await idTokenOf(others.nonce);
  await expect(client.finish(answerTo(login), login)).rejects.toThrow(/claim/);
  idToken = await idTokenOf(login.nonce, foreign);
  await expect(client.finish(answerTo(login), login)).rejects.toThrow(/invalid response/);
});

test('an answer to another login is refused, whatever its ID token says', async () => {
  const client = open();
  const { login } = await client.begin(CALLBACK, '/');
  idToken = await idTokenOf(login.nonce);
  await expect(client.finish(answerTo({ state: 'made-up' }), login)).rejects.toThrow(
    /invalid response/,
  );
});

test('an issuer that was out of reach once is asked again: the next person can sign in', async () => {
  const client = open();
  discoveryIsDown = true;
  await expect(client.begin(CALLBACK, '/')).rejects.toThrow(/status code/);
  discoveryIsDown = false;
  const { url } = await client.begin(CALLBACK, '/');
  expect(url).toContain(`${issuer}/authorize?`);
});
