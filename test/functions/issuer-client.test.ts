import { SignJWT } from 'jose';
import { expect, test } from 'vitest';
import type { Issuer } from '../../functions/access/issuer.ts';
import { createIssuerClient, IssuerUnreachableError } from '../../functions/login/issuer-client.ts';
import type { LoginState } from '../../functions/login/login-state.ts';
import { freePort } from '../../local/free-port.ts';
import { useIssuerServer } from '../support/issuer-server.ts';

const CLIENT_ID = 'b2b-catalog';
const CALLBACK = 'https://shop.example/inventory/login/callback';

const issuer = useIssuerServer();

const settings = (): Issuer => ({
  url: issuer.url,
  clientId: CLIENT_ID,
  clientSecret: null,
  groups: { claim: 'groups', scopesOf: new Map([['owners', ['admin'] as const]]) },
});
const open = (timeoutSeconds?: number) => createIssuerClient(settings(), timeoutSeconds);

const idTokenOf = (nonce: string, key = issuer.ours) =>
  new SignJWT({ nonce, groups: ['owners'], email: 'alice@shop.example' })
    .setProtectedHeader({ alg: 'RS256', kid: 'one' })
    .setSubject('alice')
    .setIssuer(issuer.url)
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
  issuer.idToken = await idTokenOf(login.nonce);
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
  issuer.idToken = await idTokenOf(others.nonce);
  await expect(client.finish(answerTo(login), login)).rejects.toThrow(/claim/);
  issuer.idToken = await idTokenOf(login.nonce, issuer.foreign);
  await expect(client.finish(answerTo(login), login)).rejects.toThrow(/invalid response/);
});

test('an answer to another login is refused, whatever its ID token says', async () => {
  const client = open();
  const { login } = await client.begin(CALLBACK, '/');
  issuer.idToken = await idTokenOf(login.nonce);
  await expect(client.finish(answerTo({ state: 'made-up' }), login)).rejects.toThrow(
    /invalid response/,
  );
});

test('an issuer that can’t be asked says nothing of who signs in', async () => {
  const client = open(1);
  const { login } = await client.begin(CALLBACK, '/');
  issuer.idToken = await idTokenOf(login.nonce);
  const finish = () => client.finish(answerTo(login), login);
  issuer.discoveryIsDown = true;
  await expect(finish()).rejects.toThrow(IssuerUnreachableError);
  issuer.discoveryIsDown = false;
  issuer.answersAfterMs = 1_500;
  await expect(finish()).rejects.toThrow(IssuerUnreachableError);
  issuer.answersAfterMs = 0;
  expect(await finish()).toMatchObject({ subject: 'alice' });
  const nobody = createIssuerClient({ ...settings(), url: `http://localhost:${await freePort()}` });
  await expect(nobody.finish(answerTo(login), login)).rejects.toThrow(IssuerUnreachableError);
  await expect(client.finish(answerTo({ state: 'made-up' }), login)).rejects.not.toThrow(
    IssuerUnreachableError,
  );
});

test('an issuer that was out of reach once is asked again: the next person can sign in', async () => {
  const client = open();
  issuer.discoveryIsDown = true;
  await expect(client.begin(CALLBACK, '/')).rejects.toThrow(/status code/);
  issuer.discoveryIsDown = false;
  const { url } = await client.begin(CALLBACK, '/');
  expect(url).toContain(`${issuer.url}/authorize?`);
});
