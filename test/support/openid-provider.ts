import { generateKeyPairSync } from 'node:crypto';
import { createServer } from 'node:http';
import { Provider } from 'oidc-provider';
import { freePort } from '../../local/free-port.ts';

export const CLIENT_ID = 'b2b-catalog';

export interface OpenIdProvider {
  readonly url: string;
  close(): Promise<void>;
}

/** A real OpenID provider on loopback: whoever signs in as `name` is in the group `name`. */
export async function openIdProvider(redirectUri: string): Promise<OpenIdProvider> {
  const url = `http://localhost:${await freePort()}`;
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const provider = new Provider(url, {
    clients: [
      {
        client_id: CLIENT_ID,
        token_endpoint_auth_method: 'none',
        redirect_uris: [redirectUri],
        response_types: ['code'],
        grant_types: ['authorization_code'],
      },
    ],
    claims: { openid: ['sub', 'groups'], profile: ['name'], email: ['email'] },
    conformIdTokenClaims: false,
    jwks: {
      keys: [{ ...privateKey.export({ format: 'jwk' }), kid: 'one', use: 'sig', alg: 'RS256' }],
    },
    cookies: { keys: ['only for tests'] },
    findAccount: async (_context, sub) => ({
      accountId: sub,
      claims: async () => ({ sub, groups: [sub], email: `${sub}@shop.example` }),
    }),
    pkce: { required: () => true },
  });
  const answer = provider.callback();
  const server = createServer((request, response) => void answer(request, response));
  await new Promise<void>((resolve) =>
    server.listen(Number(new URL(url).port), '127.0.0.1', resolve),
  );
  return {
    url,
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
}
