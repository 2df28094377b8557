import { describe, expect, test } from 'vitest';
import type { Anonymous } from '../../functions/access/identify.ts';
import { contextOf } from '../../functions/access/context.ts';
import { createHandler } from '../../functions/login/index.ts';
import type { IssuerClient } from '../../functions/login/issuer-client.ts';
import { IssuerUnreachableError } from '../../functions/login/issuer-client.ts';
import { clientOf, type LoginServices } from '../../functions/login/services.ts';
import { CALLBACK_PATH, LOGIN_PATH, LOGOUT_PATH } from '../../shared/deployment.ts';
import type { Caller } from '../../shared/core/access.ts';
import { minutes } from '../../shared/core/resource.ts';
import { silent as log } from '../support/forced-sync.ts';
import { lambdaContext } from '../support/gateway-event.ts';
import { manualClock } from '../support/manual-clock.ts';

const STATUS_PAGE = '/inventory/status/';

/** Lets in whoever comes back with an answer. */
const issuer: IssuerClient = {
  begin: async (_redirectUri, back) => ({
    url: 'https://issuer.example/authorize',
    login: { verifier: 'v'.repeat(43), state: 's'.repeat(43), nonce: 'n'.repeat(43), back },
  }),
  finish: async () => ({ subject: 'alice', name: 'Alice', scopes: ['sync'] }),
  signOutUrl: async () => null,
};

interface Sent {
  readonly query?: Readonly<Record<string, string>>;
  readonly headers?: Readonly<Record<string, string>>;
  readonly cookies?: readonly string[];
  readonly caller?: Caller | Anonymous;
  readonly body?: string;
}

/** The login function of a shop, and what a browser is answered by it. */
function opened(change: Partial<LoginServices> = {}) {
  const clock = manualClock();
  const handler = createHandler(() => ({
    clock,
    log,
    publicReads: true,
    imageHosts: [],
    issuer: async () => issuer,
    sessionSecret: async () => 'a secret of the tests that has more than 256 bits',
    newSecret: () => 'c'.repeat(43),
    ...change,
  }));
  const send = async (method: string, path: string, sent: Sent = {}) => {
    const { query = {}, headers = {}, cookies = [], caller, body = '' } = sent;
    const authorizer = caller === undefined ? {} : { authorizer: { lambda: contextOf(caller) } };
    const event = {
      routeKey: `${method} ${path}`,
      headers: { host: 'shop.example', ...headers },
      queryStringParameters: query,
      cookies,
      body,
      requestContext: { domainName: 'shop.example', http: { method }, ...authorizer },
    };
    return handler(event, lambdaContext());
  };
  /** The cookie of a login that leads back to `wanted`. */
  const begin = async (wanted?: string) => {
    const query: Readonly<Record<string, string>> = wanted === undefined ? {} : { return: wanted };
    const { cookies = [] } = await send('GET', LOGIN_PATH, { query });
    return cookies.map((cookie) => cookie.split(';')[0] ?? '');
  };
  const comeBack = (cookies: readonly string[]) =>
    send('GET', CALLBACK_PATH, { cookies, query: { code: 'one', state: 's'.repeat(43) } });
  return { clock, send, begin, comeBack };
}

test('who signs in has a session, comes back to where they were going, and began no login any more', async () => {
  const { begin, comeBack } = opened();
  const { statusCode, headers, cookies } = await comeBack(await begin('/inventory/sync/products/'));
  expect(statusCode).toBe(303);
  expect(headers['location']).toBe('/inventory/sync/products/');
  expect(cookies).toEqual([
    expect.stringMatching(/^__Host-session=[^;]{20,};.* HttpOnly;/),
    expect.stringMatching(/^__Host-login-s{8}=;.* Max-Age=0$/),
  ]);
});

describe('a browser that is opened again begins a login in each of its tabs', () => {
  let begun = 0;
  const numbered: IssuerClient = {
    ...issuer,
    begin: async (redirectUri, back) => {
      const { url, login } = await issuer.begin(redirectUri, back);
      begun += 1;
      return { url, login: { ...login, state: String(begun).padEnd(43, 's') } };
    },
    finish: async (answered, { state }) => {
      if (answered.searchParams.get('state') !== state) throw new Error('another login');
      return { subject: 'alice', name: 'Alice', scopes: ['sync'] };
    },
  };
  const stateIn = (cookie: string): string => {
    const payload = cookie.split('=')[1]?.split('.')[1] ?? '';
    return String(JSON.parse(Buffer.from(payload, 'base64url').toString()).state);
  };

  test('and each comes back to its own page', async () => {
    const { send, begin } = opened({ issuer: async () => numbered });
    const jar = [...(await begin('/inventory/sync/products/')), ...(await begin())];
    expect(new Set(jar.map((cookie) => cookie.split('=')[0])).size).toBe(2);
    const reached = await Promise.all(
      jar.map(async (cookie) => {
        const query = { code: 'one', state: stateIn(cookie) };
        const { headers } = await send('GET', CALLBACK_PATH, { cookies: jar, query });
        return headers['location'];
      }),
    );
    expect(reached).toEqual(['/inventory/sync/products/', STATUS_PAGE]);
  });

  test('but no more than a request’s headers hold: those that were left are ended', async () => {
    const { send } = opened({ issuer: async () => numbered });
    const cookies = ['a', 'b', 'c', 'd', 'e'].map((name) => `__Host-login-${name}=any`);
    const some = await send('GET', LOGIN_PATH, { cookies: cookies.slice(1) });
    expect(some.cookies).toHaveLength(1);
    const { cookies: set = [] } = await send('GET', LOGIN_PATH, { cookies });
    expect(set.filter((cookie) => cookie.endsWith('Max-Age=0'))).toHaveLength(5);
  });
});

test('the issuer’s client is kept until its secret changes', async () => {
  let secret = 'old';
  const given: (string | null)[] = [];
  const client = clientOf(
    async () => secret,
    (now) => {
      given.push(now);
      const groups = { claim: 'groups', scopesOf: new Map() };
      return { url: 'https://issuer.example', clientId: 'c', clientSecret: now, groups };
    },
  );
  const first = await client();
  expect(await client()).toBe(first);
  secret = 'new';
  expect(await client()).not.toBe(first);
  expect(given).toEqual(['old', 'new']);
});

test.each([
  undefined,
  '/inventory/login/',
  '/inventory/login/callback?code=one',
  'https://evil.example/inventory/status/',
  '//evil.example/inventory/',
])('who asks to come back to %s sees the status', async (wanted) => {
  const { begin, comeBack } = opened();
  const { headers } = await comeBack(await begin(wanted));
  expect(headers['location']).toBe(STATUS_PAGE);
});

test('a login that takes more than ten minutes is over, and gives no session', async () => {
  const { clock, begin, comeBack } = opened();
  const inTime = await begin();
  clock.advance(minutes(10) - 1_000);
  expect((await comeBack(inTime)).statusCode).toBe(303);
  clock.advance(1_000);
  const { statusCode, cookies } = await comeBack(inTime);
  expect(statusCode).toBe(400);
  expect(cookies).toBeUndefined();
});

const fail = (error: Error) => async () => {
  throw error;
};
const unreachable = fail(new IssuerUnreachableError('no answer'));

describe('what can’t be done now says when to try again', () => {
  test('where there is no issuer, or none that answers', async () => {
    for (const of of [null, { ...issuer, begin: fail(new Error('down')) }]) {
      const answer = await opened({ issuer: async () => of }).send('GET', LOGIN_PATH);
      expect(answer).toMatchObject({ statusCode: 503, headers: { 'retry-after': '5' } });
    }
  });

  test('also to who comes back while the issuer does not answer, who is not refused', async () => {
    const down = { ...issuer, finish: unreachable };
    const { begin, comeBack } = opened({ issuer: async () => down });
    const answer = await comeBack(await begin());
    expect(answer).toMatchObject({ statusCode: 503, headers: { 'retry-after': '5' } });
    const refusing = { ...issuer, finish: fail(new Error('invalid claim')) };
    const other = opened({ issuer: async () => refusing });
    expect((await other.comeBack(await other.begin())).statusCode).toBe(403);
  });

  test('a secret that can’t be read is no fault of the issuer', async () => {
    const logged: string[] = [];
    const { send } = opened({
      log: { ...log, error: (event) => void logged.push(event) },
      sessionSecret: fail(new Error('AccessDeniedException')),
    });
    expect((await send('GET', LOGIN_PATH)).statusCode).toBe(500);
    expect(logged).not.toContain('issuer_unreachable');
  });
});

const alice: Caller = {
  kind: 'session',
  subject: 'person:alice',
  name: 'Alice',
  scopes: ['sync'],
  csrf: 'c'.repeat(43),
};
const ownPage = { 'sec-fetch-site': 'same-origin' };
const ownForm = `csrf=${alice.csrf}`;

test('nobody is signed out by another site’s page: it takes the form of their own', async () => {
  const { send } = opened();
  for (const sent of [
    { headers: { 'sec-fetch-site': 'cross-site' }, body: ownForm },
    { headers: ownPage },
    { headers: ownPage, body: 'csrf=guessed' },
  ]) {
    const { statusCode, cookies } = await send('POST', LOGOUT_PATH, { caller: alice, ...sent });
    expect(statusCode, JSON.stringify(sent)).toBe(403);
    expect(cookies).toBeUndefined();
  }
});

test('who can’t be known now is not signed out, nor told to be', async () => {
  const { send } = opened();
  const caller: Anonymous = { kind: 'anonymous', refused: false, unavailable: true };
  const sent = { caller, headers: ownPage, body: ownForm };
  const { statusCode, headers, cookies } = await send('POST', LOGOUT_PATH, sent);
  expect(statusCode).toBe(503);
  expect(headers['retry-after']).toBeDefined();
  expect(cookies).toBeUndefined();
});

test('who signs out has no session any more', async () => {
  const { send } = opened();
  const own = { caller: alice, headers: ownPage, body: ownForm };
  const { statusCode, cookies } = await send('POST', LOGOUT_PATH, own);
  expect(statusCode).toBe(303);
  expect(cookies).toEqual([expect.stringMatching(/^__Host-session=;.* Max-Age=0$/)]);
});
