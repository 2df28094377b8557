import { createServer } from 'node:http';
import { exportJWK, generateKeyPair, type CryptoKey } from 'jose';
import { afterAll, beforeAll } from 'vitest';
import { listening } from './listening.ts';

/** An issuer on loopback that has a discovery document and keys, and what is wrong with it. */
export interface IssuerServer {
  readonly url: string;
  /** Signs as the issuer does. */
  readonly ours: CryptoKey;
  /** Of nobody that the issuer knows. */
  readonly foreign: CryptoKey;
  discoveryIsDown: boolean;
  keysAre: 'there' | 'down' | 'malformed';
  answersAfterMs: number;
  /** The ID token that it hands out to whoever signed in. */
  idToken: string;
}

/** Starts one for a test file. */
export function useIssuerServer(): IssuerServer {
  let url = '';
  let ours: CryptoKey | undefined;
  let foreign: CryptoKey | undefined;
  const started = (key: CryptoKey | undefined): CryptoKey => {
    if (key === undefined) throw new Error('the issuer has not started yet');
    return key;
  };
  const issuer: IssuerServer = {
    get url() {
      return url;
    },
    get ours() {
      return started(ours);
    },
    get foreign() {
      return started(foreign);
    },
    discoveryIsDown: false,
    keysAre: 'there',
    answersAfterMs: 0,
    idToken: '',
  };
  let jwks = {};
  const discovery = () => ({
    issuer: url,
    jwks_uri: `${url}/keys`,
    authorization_endpoint: `${url}/authorize`,
    token_endpoint: `${url}/token`,
    response_types_supported: ['code'],
    subject_types_supported: ['public'],
    id_token_signing_alg_values_supported: ['RS256'],
  });
  const answerTo = (
    path: string | undefined,
  ): { readonly isDown: boolean; readonly body: object } => {
    const { discoveryIsDown, idToken, keysAre } = issuer;
    if (path === '/keys')
      return { isDown: keysAre === 'down', body: keysAre === 'malformed' ? {} : jwks };
    const tokens = { access_token: 'any', token_type: 'Bearer', id_token: idToken };
    return { isDown: discoveryIsDown, body: path === '/token' ? tokens : discovery() };
  };
  const server = createServer((request, response) => {
    const { isDown, body } = answerTo(request.url);
    if (isDown) response.statusCode = 503;
    response.setHeader('content-type', 'application/json');
    setTimeout(() => response.end(JSON.stringify(body)), issuer.answersAfterMs);
  });
  beforeAll(async () => {
    const pair = await generateKeyPair('RS256');
    ours = pair.privateKey;
    foreign = (await generateKeyPair('RS256')).privateKey;
    jwks = { keys: [{ ...(await exportJWK(pair.publicKey)), kid: 'one', alg: 'RS256' }] };
    url = `http://localhost:${await listening(server)}`;
  });
  afterAll(() => void server.close());
  return issuer;
}
