import { createServer as createHttpsServer } from 'node:https';
import { describe, expect, it } from 'vitest';
import { fixedCredentials, type Credentials } from '../../../../shared/adapters/credentials.ts';
import { UpstreamError } from '../../../../shared/core/errors.ts';
import { aSource, productsResource, useSupplier } from '../../../support/http-source.ts';
import { listening } from '../../../support/listening.ts';
import { selfSigned } from '../../../support/self-signed.ts';
import { answers, products, startSupplier, SUPPLIER_KEY } from '../../../support/supplier.ts';

const LIST = 'b2c/products/';
const { signal } = new AbortController();
const supplier = useSupplier(30);
const evil = useSupplier(30);

/** Answers `first`, and from the first refresh on `second`. */
function rotating(
  first: string,
  second: string,
): Credentials & { readonly refreshes: () => number } {
  let refreshes = 0;
  return {
    key: async () => (refreshes === 0 ? first : second),
    refresh: async () => {
      refreshes += 1;
      return second;
    },
    refreshes: () => refreshes,
  };
}

function deep(value: unknown): unknown {
  if (!(value instanceof Object)) return value;
  const own = Object.getOwnPropertyNames(value).map((name) => Reflect.get(value, name));
  return own.map(deep);
}

const idsTo = (last: number): string[] =>
  Array.from({ length: last }, (_, index) => String(index + 1));

describe('U15: nothing leaves the configured origin', () => {
  const places: [string, (evilHost: string) => string][] = [
    ['another host', (host) => `http://${host}/api/v1/b2c/products/`],
    ['a host without scheme', (host) => `//${host}/api/v1/b2c/products/`],
    ['a host behind backslashes', (host) => `\\\\${host}\\api\\v1\\`],
    ['a user before another host', (host) => `http://127.0.0.1@${host}/api/v1/b2c/products/`],
    ['another scheme', (host) => `https://${host}/api/v1/b2c/products/`],
  ];

  it.each(places)('next with a token on %s is refused', async (_case, place) => {
    const next = `${place(new URL(evil().url).host)}?cursor=abc`;
    supplier().set(LIST, answers.json({ next, results: [{ id: 1 }] }));
    const { source } = aSource(supplier().url);
    const { next: followed, nextFault } = await source.page(productsResource, null, signal);
    expect(followed).toBeNull();
    expect(nextFault).toMatchObject({
      failure: 'invalid',
      message: expect.stringContaining('origin and path'),
    });
    expect([supplier().count(), evil().count(), evil().connections]).toEqual([1, 0, 0]);
  });

  it.each(places)(
    'of next with a page number on %s only the number is taken',
    async (_case, place) => {
      const next = `${place(new URL(evil().url).host)}?page=2`;
      supplier().set(LIST, answers.json({ next, results: [{ id: 1 }] }), [1]);
      const { source } = aSource(supplier().url, { pageSize: 20 });
      const page = await source.page(productsResource, null, signal);
      expect((await source.page(productsResource, page.next, signal)).entries).toHaveLength(10);
      expect(supplier().requests[1]).toMatchObject({ path: LIST, query: { page: '2' } });
      expect([evil().count(), evil().connections]).toEqual([0, 0]);
    },
  );

  it.each(['/api/v2/b2c/products/', '/api/v1/../../admin/', '/api/v1/%2e%2e/secret/', '/api/v10/'])(
    'next at the same origin and outside the base path is refused: %s',
    async (path) => {
      supplier().set(LIST, answers.json({ next: `${path}?cursor=abc`, results: [{ id: 1 }] }));
      const { source } = aSource(supplier().url);
      const page = await source.page(productsResource, null, signal);
      expect(page).toMatchObject({ next: null, nextFault: { failure: 'invalid' } });
      expect(page.nextFault?.message).toMatch(/origin and path/);
      expect(supplier().count()).toBe(1);
    },
  );

  it('next that names a user is refused, also at the same origin', async () => {
    const next = `${supplier().url.replace('//', '//someone@')}/${LIST}?cursor=abc`;
    supplier().set(LIST, answers.json({ next, results: [{ id: 1 }] }));
    const { source } = aSource(supplier().url);
    const page = await source.page(productsResource, null, signal);
    expect(page.next).toBeNull();
    expect(page.nextFault?.message).toMatch(/origin and path/);
  });

  it.each([301, 302, 303, 307, 308])('a redirect %i is not followed', async (code) => {
    supplier().set(LIST, answers.status(code, { location: `${evil().url}/b2c/products/` }));
    const { source } = aSource(supplier().url);
    await expect(source.page(productsResource, null, signal)).rejects.toMatchObject({
      failure: 'invalid',
      status: code,
      message: expect.stringContaining('redirect'),
    });
    expect([supplier().count(), evil().count()]).toEqual([1, 0]);
  });

  it('a stored cursor or a record id can lead nowhere else either', async () => {
    const { source } = aSource(supplier().url);
    const { host } = new URL(evil().url);
    const cursors = [
      `/../../admin/?x=1`,
      `/@${host}/`,
      `//${host}/x`,
      `http://${host}/`,
      '0',
      '-1',
      '',
    ];
    const pages = cursors.map((cursor) => source.page(productsResource, cursor, signal));
    const ids = ['../../../admin', `//${host}/`, '@evil', '%2e%2e/', 'a?b=c#d', 'é/😀'];
    const details = ids.map((id) => source.detail(productsResource, id, signal));
    const settled = await Promise.allSettled<object>([...pages, ...details]);
    const served = settled.filter(({ status }) => status === 'fulfilled');
    const none = { entries: [], next: null, count: null, isNotFound: true };
    const end = { status: 'fulfilled', value: none };
    expect(served).toEqual(served.map(() => end));
    expect(evil().connections).toBe(0);
    const asked = supplier().requests.map(({ path }) => path);
    expect(asked).toEqual(
      expect.arrayContaining(ids.map((id) => `${LIST}${encodeURIComponent(id)}/`)),
    );
    expect(asked.filter((path) => path.startsWith('/') && !path.startsWith('/@'))).toEqual([
      `/${host}/x`,
    ]);
  });

  it('a resource whose path leads out of the base is refused without a request', async () => {
    const { source } = aSource(supplier().url);
    const escaping = { ...productsResource, detailPath: () => '../../admin/' };
    await expect(source.detail(escaping, '1', signal)).rejects.toThrow(/outside the base URL/);
    expect(supplier().count()).toBe(0);
  });
});

describe('U3: a refused key', () => {
  it.each([401, 403])(
    '%i: read again once, tried once more, then never asked again',
    async (code) => {
      supplier().set(/^/, answers.status(code));
      const credentials = rotating('old', 'older');
      const { source } = aSource(supplier().url, {}, credentials);
      const refused = { failure: 'key_refused', status: code };
      await expect(source.page(productsResource, null, signal)).rejects.toMatchObject(refused);
      expect(supplier().requests.map(({ headers }) => headers['x-api-key'])).toEqual([
        'old',
        'older',
      ]);
      await expect(source.detail(productsResource, '1', signal)).rejects.toMatchObject(refused);
      await expect(source.page(productsResource, '2', signal)).rejects.toMatchObject(refused);
      expect([supplier().count(), credentials.refreshes()]).toEqual([2, 1]);
    },
  );

  it('in mid-run, when the key was rotated: one refresh serves all requests', async () => {
    const credentials = rotating('old', SUPPLIER_KEY);
    const { source } = aSource(supplier().url, { concurrency: 8 }, credentials);
    supplier().latencyMs = 5;
    const ids = idsTo(30);
    const details = await Promise.all(ids.map((id) => source.detail(productsResource, id, signal)));
    expect(details).toHaveLength(30);
    expect(credentials.refreshes()).toBe(1);
    expect(supplier().count()).toBeLessThanOrEqual(30 + 8);
  });

  it('in mid-run, when it was revoked: no hammering', async () => {
    supplier().latencyMs = 5;
    supplier().key = 'another';
    const { source } = aSource(supplier().url, { concurrency: 8 });
    const ids = idsTo(30);
    const details = await Promise.allSettled(
      ids.map((id) => source.detail(productsResource, id, signal)),
    );
    expect(details).toEqual(
      ids.map(() => ({
        status: 'rejected',
        reason: expect.objectContaining({ failure: 'key_refused' }),
      })),
    );
    expect(supplier().count()).toBeLessThanOrEqual(8 + 1);
  });

  it('that can not be read sends nothing', async () => {
    const { source } = aSource(supplier().url, {}, fixedCredentials(''));
    await expect(source.page(productsResource, null, signal)).rejects.toMatchObject({
      failure: 'no_credential',
    });
    expect(supplier().count()).toBe(0);
  });
});

describe('U4: a record that is gone', () => {
  it.each([404, 410])('answers %i: not_found, at once', async (code) => {
    supplier().set('b2c/products/7/', answers.status(code));
    const { source } = aSource(supplier().url);
    await expect(source.detail(productsResource, '7', signal)).rejects.toMatchObject({
      failure: 'not_found',
      status: code,
      isOutage: false,
    });
    expect(supplier().count('b2c/products/7/')).toBe(1);
  });

  it.each([
    ['a list', answers.json([{ id: 7 }]), 'invalid'],
    ['null', answers.json(null), 'invalid'],
    ['400', answers.status(400), 'invalid'],
  ])('is not the same as %s', async (_case, answer, failure) => {
    supplier().set('b2c/products/7/', answer);
    const { source } = aSource(supplier().url);
    await expect(source.detail(productsResource, '7', signal)).rejects.toMatchObject({ failure });
  });
});

describe('U21: an upstream error that echoes the key', () => {
  const echo = `Bad key ${SUPPLIER_KEY}, ${encodeURIComponent(SUPPLIER_KEY)}, ${Buffer.from(SUPPLIER_KEY).toString('base64')}. ${'é'.repeat(500)}`;

  it.each([200, 400, 403, 404, 429, 500])('with %i is redacted and cut', async (code) => {
    supplier().set(/^/, answers.body(echo, {}, code));
    const { source, logged } = aSource(supplier().url);
    const error: unknown = await source
      .detail(productsResource, '1', signal)
      .catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(UpstreamError);
    const text = JSON.stringify([error, String(error), logged.map(({ fields }) => deep(fields))]);
    expect(text).toContain('[redacted]');
    expect(text).not.toContain(SUPPLIER_KEY);
    expect(text).not.toContain(Buffer.from(SUPPLIER_KEY).toString('base64'));
    expect(String(error).length).toBeLessThan(350);
  });

  it('in a next, where it is too short to be taken out of answers: it is in no message', async () => {
    const key = 'k3y-of-15-chars';
    const shop = await startSupplier({ products: products(1, 3), key });
    shop.set(LIST, answers.json({ results: [{ id: 1 }], next: `?after=9&token=${key}` }), [1]);
    shop.set(LIST, answers.json({ detail: 'maintenance' }), [2]);
    const { source } = aSource(shop.url, {}, fixedCredentials(key), key);
    const { next } = await source.page(productsResource, null, signal);
    const failure = await source.page(productsResource, next, signal).catch(String);
    await shop.stop();
    expect(failure).toContain('not a list of records');
    expect(failure).not.toContain(key);
  });

  it('of another source is so short that it stands in a record: the record stays as it is', async () => {
    supplier().set('b2c/products/1/', answers.json({ id: 1, ean: '3123456789012' }));
    const credentials = fixedCredentials(SUPPLIER_KEY);
    const { source } = aSource(supplier().url, {}, credentials, SUPPLIER_KEY, '56789');
    expect(await source.detail(productsResource, '1', signal)).toEqual({
      id: 1,
      ean: '3123456789012',
    });
  });

  it('with 200 as JSON reaches no record', async () => {
    supplier().set('b2c/products/1/', answers.json({ id: 1, name: `key ${SUPPLIER_KEY}` }));
    const { source } = aSource(supplier().url);
    expect(await source.detail(productsResource, '1', signal)).toEqual({
      id: 1,
      name: 'key [redacted]',
    });
  });
});

describe('U5: a TLS certificate that proves nothing', () => {
  it('is not accepted, and not tried again', async () => {
    const server = createHttpsServer(selfSigned(), (_request, response) => response.end('[]'));
    const port = await listening(server);
    const { source } = aSource(`https://127.0.0.1:${port}/api`);
    await expect(source.page(productsResource, null, signal)).rejects.toMatchObject({
      failure: 'untrusted',
      message: expect.stringContaining('certificate'),
    });
    expect(source.counters).toEqual({ requests: 1, retries: 0 });
    server.close();
  });
});
