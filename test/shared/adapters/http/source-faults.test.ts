import { createServer as createTcpServer, type Socket } from 'node:net';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { fixedCredentials } from '../../../../shared/adapters/credentials.ts';
import { createHttpSource } from '../../../../shared/adapters/http/source.ts';
import { createSystemClock } from '../../../../shared/adapters/system-clock.ts';
import { silent } from '../../../support/forced-sync.ts';
import { aSource, productsResource, useSupplier } from '../../../support/http-source.ts';
import { answers, SUPPLIER_KEY, type Answer } from '../../../support/supplier.ts';
import { listening } from '../../../support/listening.ts';

const LIST = 'b2c/products/';
const { signal } = new AbortController();
const supplier = useSupplier(60);

const firstPage = (source: ReturnType<typeof aSource>['source']) =>
  source.page(productsResource, null, signal);

const slowBody: Answer = (response) => {
  response.writeHead(200);
  const dripping = setInterval(() => response.write(' '), 20);
  response.once('close', () => clearInterval(dripping));
};

const endless: Answer = (response) => {
  const more = (): void => {
    while (!response.destroyed && response.write(' '.repeat(65_536)));
  };
  response.on('drain', more);
  more();
};

describe('U2: 5xx', () => {
  it.each([500, 502, 503, 504])('%i is tried 3 times, with full jitter between', async (code) => {
    supplier().set(LIST, answers.html(code));
    const { source, clock } = aSource(supplier().url);
    await expect(firstPage(source)).rejects.toMatchObject({ failure: 'unavailable', status: code });
    expect(supplier().count()).toBe(3);
    expect(clock.sleeps).toEqual([125, 250]);
    expect(source.counters).toEqual({ requests: 3, retries: 2 });
  });

  it('that passes is no failure', async () => {
    supplier().set(LIST, answers.status(503), [1, 2]);
    const { source } = aSource(supplier().url);
    expect((await firstPage(source)).entries).toHaveLength(60);
  });

  it('is tried again for at most 10 % of the requests, and at least 10 times', async () => {
    const { source } = aSource(supplier().url, { concurrency: 1 });
    const details = async (first: number, last: number) => {
      const failures: unknown[] = [];
      for (let id = first; id <= last; id += 1) {
        await source.detail(productsResource, String(id), signal).catch((error: unknown) => {
          failures.push(error);
        });
      }
      return failures;
    };
    supplier().set(/products\/\d+/, answers.status(500));
    const failures = await details(1, 7);
    expect(source.counters.retries).toBe(10);
    expect(failures.slice(0, 5)).toEqual(
      Array.from({ length: 5 }, () => expect.objectContaining({ failure: 'unavailable' })),
    );
    expect(failures.slice(5)).toEqual(
      Array.from({ length: 2 }, () =>
        expect.objectContaining({ failure: 'retry_budget', status: 500 }),
      ),
    );
    supplier().set(/products\/\d+/, null);
    for (let round = 0; round < 3; round += 1) expect(await details(1, 60)).toEqual([]);
    supplier().set(/products\/\d+/, answers.status(500));
    await details(1, 7);
    expect(source.counters.retries).toBe(Math.floor(source.counters.requests / 10));
  });
});

describe('U2: one record, or the supplier?', () => {
  const detailOf = (source: ReturnType<typeof aSource>['source'], id: number) =>
    source.detail(productsResource, String(id), signal);

  const FAILURES = [
    ['500', answers.status(500), 3, 'unavailable'],
    ['HTML', answers.html(200), 1, 'invalid'],
    ['404', answers.status(404), 1, 'not_found'],
    ['a notice in JSON', answers.json({ detail: 'Maintenance' }), 1, 'invalid'],
  ] as const;

  it.each(FAILURES)(
    '%s while others are served is one record’s trouble',
    async (_, answer, attempts, failure) => {
      const { source } = aSource(supplier().url, { concurrency: 1 });
      supplier().set('b2c/products/2/', answer);
      await detailOf(source, 1);
      await expect(detailOf(source, 2)).rejects.toMatchObject({ failure, isOutage: false });
      const asked = supplier().requests.map(({ path }) => path.split('/')[2]);
      // What was served last is asked for once more: the supplier is there.
      expect(asked).toEqual(['1', ...Array.from({ length: attempts }, () => '2'), '1']);
    },
  );

  it.each(FAILURES)(
    '%s for whatever is asked is the supplier’s trouble',
    async (_, answer, attempts, failure) => {
      const { source } = aSource(supplier().url, { concurrency: 4 });
      await detailOf(source, 1);
      supplier().set(/products/, answer);
      const failing = [2, 3, 4].map((id) => detailOf(source, id));
      for (const one of failing) {
        await expect(one).rejects.toMatchObject({ failure, isOutage: true });
      }
      // Those that fail at once share the question; by jitter not all of them do.
      const again = supplier().count() - 1 - 3 * attempts;
      expect(again % attempts).toBe(0);
      expect(again / attempts).toBeGreaterThanOrEqual(1);
      expect(again / attempts).toBeLessThanOrEqual(3);
    },
  );

  it('404 for every page and record is not the end of the list', async () => {
    const { source } = aSource(supplier().url, { pageSize: 20 });
    const first = await firstPage(source);
    expect((await source.page(productsResource, '9', signal)).next).toBeNull();
    supplier().set(/products/, answers.status(404));
    const next = source.page(productsResource, first.next, signal);
    await expect(next).rejects.toMatchObject({ failure: 'not_found', isOutage: true });
  });

  it('what was served last may be gone by now: it is answered, so the supplier is there', async () => {
    const { source } = aSource(supplier().url, { concurrency: 1 });
    await detailOf(source, 1);
    supplier().set('b2c/products/1/', answers.status(404));
    supplier().set('b2c/products/2/', answers.status(500));
    await expect(detailOf(source, 2)).rejects.toMatchObject({ isOutage: false });
  });

  it('a supplier that asks to wait when it is asked again is given that time', async () => {
    const { source } = aSource(supplier().url, { concurrency: 1 });
    await detailOf(source, 1);
    supplier().set('b2c/products/1/', answers.status(429, { 'retry-after': '60' }));
    supplier().set('b2c/products/2/', answers.html(200));
    const expected = { failure: 'throttled', retryAfterMs: 60_000 };
    await expect(detailOf(source, 2)).rejects.toMatchObject(expected);
  });

  it.each(FAILURES)(
    '%s before anything was served: the first page of the list tells which it is',
    async (_, answer, _attempts, failure) => {
      supplier().set('b2c/products/2/', answer);
      const alone = aSource(supplier().url).source;
      await expect(detailOf(alone, 2)).rejects.toMatchObject({ failure, isOutage: false });
      supplier().set(/products/, answer);
      const { source } = aSource(supplier().url);
      await expect(detailOf(source, 2)).rejects.toMatchObject({ failure, isOutage: true });
      const next = source.page(productsResource, '3', signal);
      await expect(next).rejects.toMatchObject({ failure, isOutage: true });
    },
  );

  it.each(FAILURES)(
    '%s for every detail is an outage of details, however well pages are served',
    async (_, answer, _attempts, failure) => {
      supplier().set(/products\/\d+/, answer);
      const { source } = aSource(supplier().url, { pageSize: 20 });
      await firstPage(source);
      await expect(detailOf(source, 2)).rejects.toMatchObject({ failure, isOutage: true });
    },
  );

  it.each(FAILURES)(
    '%s for the first detail of all, and for some beside it, is their own trouble',
    async (_, answer, _attempts, failure) => {
      for (const id of [1, 2, 3]) supplier().set(`b2c/products/${id}/`, answer);
      const { source } = aSource(supplier().url, { pageSize: 20 });
      await firstPage(source);
      await expect(detailOf(source, 2)).rejects.toMatchObject({ failure, isOutage: false });
    },
  );

  it('where the list names too few to ask, its first page tells: both of two may be bad', async () => {
    supplier().products = supplier().products.slice(0, 2);
    supplier().set(/products\/\d+/, answers.status(404));
    const { source } = aSource(supplier().url);
    await firstPage(source);
    for (const id of [1, 2])
      await expect(detailOf(source, id)).rejects.toMatchObject({ isOutage: false });
  });

  it('an empty page at the list’s end does not make its first one vouch for details', async () => {
    supplier().set(/products\/\d+/, answers.status(404));
    const { source } = aSource(supplier().url, { pageSize: 20 });
    await firstPage(source);
    supplier().set(LIST, answers.json({ results: [] }));
    expect((await source.page(productsResource, '9', signal)).entries).toEqual([]);
    await expect(detailOf(source, 2)).rejects.toMatchObject({ isOutage: true });
  });

  it('of the first page itself nobody can tell: the failure says what it says', async () => {
    supplier().set(/products/, answers.status(500));
    const { source } = aSource(supplier().url);
    await expect(firstPage(source)).rejects.toMatchObject({
      failure: 'unavailable',
      isOutage: false,
    });
    expect(supplier().count()).toBe(3);
  });
});

describe('U1: 429', () => {
  it('with Retry-After is waited for and tried again', async () => {
    supplier().set(LIST, answers.status(429, { 'retry-after': '7' }), [1]);
    const { source, clock } = aSource(supplier().url);
    expect((await firstPage(source)).entries).toHaveLength(60);
    expect(clock.sleeps).toEqual([125, 6_875]);
  });

  it('with a date is waited for as long as that date is ahead', async () => {
    supplier().set(
      LIST,
      answers.status(429, { 'retry-after': 'Sun, 22 Nov 2026 10:00:09 GMT' }),
      [1],
    );
    const { source, clock } = aSource(supplier().url);
    await firstPage(source);
    expect(clock.monotonicMs()).toBe(9_000);
  });

  it.each([
    ['21', 21_000],
    ['86400', 3_600_000],
  ])('with Retry-After: %s is not waited for: throttled', async (header, retryAfterMs) => {
    supplier().set(LIST, answers.status(429, { 'retry-after': header }));
    const { source, clock } = aSource(supplier().url);
    const expected = { failure: 'throttled', retryAfterMs };
    await expect(firstPage(source)).rejects.toMatchObject({ ...expected, status: 429 });
    await expect(source.detail(productsResource, '1', signal)).rejects.toMatchObject(expected);
    expect(supplier().count()).toBe(1);
    expect(clock.sleeps).toEqual([]);
  });

  it('makes every request of the source wait', async () => {
    const { source, clock } = aSource(supplier().url, { concurrency: 1 });
    const sentAtMs: number[] = [];
    const noted: Answer = (response) => {
      sentAtMs.push(clock.monotonicMs());
      answers.json({ id: 1 })(response);
    };
    supplier().set(/products\/\d+/, noted);
    supplier().set('b2c/products/1/', answers.status(503, { 'retry-after': '5' }), [1]);
    const ids = ['1', '2', '3'];
    await Promise.all(ids.map((id) => source.detail(productsResource, id, signal)));
    const order = supplier().requests.map(({ path }) => path.split('/')[2]);
    expect(order).toEqual(['1', '2', '3', '1']);
    expect(sentAtMs).toHaveLength(3);
    expect(Math.min(...sentAtMs)).toBeGreaterThanOrEqual(5_000);
  });

  it.each(['soon', 'Sun, 22 Nov 2026 09:00:00 GMT'])(
    'with Retry-After: %s backs off by jitter, and is throttled after 3',
    async (header) => {
      supplier().set(LIST, answers.status(429, { 'retry-after': header }));
      const { source, clock } = aSource(supplier().url);
      await expect(firstPage(source)).rejects.toMatchObject({ failure: 'throttled' });
      expect(clock.sleeps).toEqual([125, 250]);
    },
  );
});

describe('a rate limit', () => {
  it('of 100 requests a second is lived with: every record arrives, few requests are refused', async () => {
    // By the real clock: one whose waits take no time runs ahead of answers on a busy machine.
    const settings = { baseUrl: supplier().url, pageSize: 100, concurrency: 32, timeoutMs: 5_000 };
    const credentials = fixedCredentials(SUPPLIER_KEY);
    const parts = { credentials, clock: createSystemClock(), log: silent, redact: String };
    const source = createHttpSource(settings, parts);
    const perSecond = new Map<number, number>();
    supplier().set(/products\/\d+/, (response) => {
      const second = Math.floor(performance.now() / 1000);
      const before = perSecond.get(second) ?? 0;
      perSecond.set(second, before + 1);
      const refused = answers.status(429, { 'retry-after': '1' });
      (before < 100 ? answers.json({ id: 1 }) : refused)(response);
    });
    const ids = Array.from({ length: 300 }, (_, index) => String(index + 1));
    const details = await Promise.all(ids.map((id) => source.detail(productsResource, id, signal)));
    expect(details).toHaveLength(300);
    expect(source.counters.requests).toBe(300 + source.counters.retries);
    // Not more than what is in flight at the end of each of three seconds.
    expect(source.counters.retries).toBeLessThanOrEqual(3 * 31);
  }, 30_000);
});

describe('U5: broken connections', () => {
  it('a reset is tried again', async () => {
    supplier().set(LIST, answers.reset, [1, 2]);
    const { source } = aSource(supplier().url);
    expect((await firstPage(source)).entries).toHaveLength(60);
  });

  it.each([
    ['refused', 'http://127.0.0.1:1/api'],
    ['an unknown host', 'http://supplier.invalid/api'],
  ])('%s is unavailable after 3 attempts', async (_case, url) => {
    const { source } = aSource(url);
    await expect(firstPage(source)).rejects.toMatchObject({ failure: 'unavailable', status: null });
    expect(source.counters).toEqual({ requests: 3, retries: 2 });
  });
});

describe('U6: one deadline over headers and body', () => {
  it.each([
    ['a hang before the headers', answers.hang],
    ['a hang in the body', answers.hangInBody],
    ['a body that drips for ever', slowBody],
  ])('ends %s', async (_case, answer) => {
    supplier().set(LIST, answer);
    const { source } = aSource(supplier().url, { timeoutMs: 150 });
    const startMs = performance.now();
    await expect(firstPage(source)).rejects.toMatchObject({
      failure: 'unavailable',
      message: expect.stringContaining('within 150 ms'),
    });
    expect(performance.now() - startMs).toBeLessThan(3_000);
    expect(supplier().count()).toBe(3);
  });

  it('and the caller can end it before, in the body and while waiting', async () => {
    supplier().set(LIST, answers.hangInBody);
    supplier().set('b2c/products/1/', answers.hang);
    const abort = new AbortController();
    const { source } = aSource(supplier().url, { concurrency: 1 });
    const both = Promise.allSettled([
      source.page(productsResource, null, abort.signal),
      source.detail(productsResource, '1', abort.signal),
    ]);
    setTimeout(() => abort.abort(new Error('the host must stop')), 50);
    const expected = { status: 'rejected', reason: new Error('the host must stop') };
    expect(await both).toEqual([expected, expected]);
    expect(supplier().count()).toBe(1);
  });
});

describe('U7: cut bodies', () => {
  const page = { count: 1, next: null, results: [{ id: 1, name: 'Produit' }] };
  const halfJson = answers.body(JSON.stringify(page).slice(0, -9));
  const damaged = gzipSync(JSON.stringify(page)).fill(0xff, 12, 20);

  it.each([
    ['JSON, sent as if whole', halfJson, 'invalid'],
    ['gzip without its trailer', answers.cutGzip(page), 'invalid'],
    ['gzip in the middle', answers.cutGzip(page, 30), 'invalid'],
    ['damaged gzip', answers.body(damaged, { 'content-encoding': 'gzip' }), 'invalid'],
    ['a connection closed early', answers.cutOff(page), 'unavailable'],
  ])('%s: tried again, never accepted', async (_case, answer, failure) => {
    supplier().set(LIST, answer);
    const { source } = aSource(supplier().url);
    await expect(firstPage(source)).rejects.toMatchObject({ failure });
    expect(supplier().count()).toBe(3);
  });

  it('whole gzip is accepted', async () => {
    const gzip = gzipSync(JSON.stringify(page));
    supplier().set(LIST, answers.body(gzip, { 'content-encoding': 'gzip' }));
    const { source } = aSource(supplier().url);
    expect((await firstPage(source)).entries).toEqual(page.results);
    expect(supplier().requests[0]?.headers['accept-encoding']).toBe('gzip');
  });
});

describe('U9: bodies without measure', () => {
  const bomb = gzipSync(Buffer.alloc(300 * 1024 * 1024, ' '));

  it.each([
    ['a gzip bomb', answers.body(bomb, { 'content-encoding': 'gzip' }), /larger than/],
    ['an endless body', endless, /larger than/],
    [
      'gzip in gzip',
      answers.body(gzipSync(gzipSync('[]')), { 'content-encoding': 'gzip, gzip' }),
      /encoded/,
    ],
    [
      'gzip in undeclared gzip',
      answers.body(gzipSync(gzipSync('[]')), { 'content-encoding': 'gzip' }),
      /UTF-8/,
    ],
    ['an encoding not asked for', answers.body('[]', { 'content-encoding': 'zstd' }), /encoded/],
  ])('%s is refused, and not asked for again', async (_case, answer, message) => {
    supplier().set(LIST, answer);
    const { source } = aSource(supplier().url);
    const memoryBefore = process.memoryUsage().rss;
    await expect(firstPage(source)).rejects.toMatchObject({
      failure: 'invalid',
      message: expect.stringMatching(message),
    });
    expect(process.memoryUsage().rss - memoryBefore).toBeLessThan(150 * 1024 * 1024);
    expect(supplier().count()).toBe(1);
  });

  it('of an error only the start is read, whose status says enough', async () => {
    supplier().set(LIST, (response) => {
      response.writeHead(500);
      response.write('x'.repeat(64 * 1024)); // and it never ends
    });
    const { source } = aSource(supplier().url, { timeoutMs: 4_000 });
    const startedMs = performance.now();
    await expect(firstPage(source)).rejects.toMatchObject({ failure: 'unavailable', status: 500 });
    // None of its attempts waited for the rest.
    expect(performance.now() - startedMs).toBeLessThan(4_000);
  });

  it('gzip by its older name is read', async () => {
    const body = gzipSync(JSON.stringify({ next: null, results: [{ id: 1 }] }));
    supplier().set(LIST, answers.body(body, { 'content-encoding': 'x-gzip' }));
    const { source } = aSource(supplier().url);
    expect((await firstPage(source)).entries).toEqual([{ id: 1 }]);
  });

  it('a list of just under 8 MB is read', async () => {
    supplier().set(LIST, answers.json({ next: null, results: ['x'.repeat(8 * 1024 * 1024 - 40)] }));
    const { source } = aSource(supplier().url);
    expect((await firstPage(source)).entries).toHaveLength(1);
  });
});

describe('answers that are no HTTP', () => {
  it('are unavailable', async () => {
    const server = createTcpServer((socket: Socket) => {
      socket.on('error', () => {});
      socket.end('SSH-2.0-OpenSSH_9.7\r\n');
    });
    const port = await listening(server);
    const { source } = aSource(`http://127.0.0.1:${port}`);
    await expect(firstPage(source)).rejects.toMatchObject({ failure: 'unavailable', status: null });
    server.close();
  });
});

describe('requests at once', () => {
  it('never exceed the configured number, and share their connections', async () => {
    supplier().latencyMs = 5;
    const { source } = aSource(supplier().url, { concurrency: 4 });
    const ids = Array.from({ length: 60 }, (_, index) => String(index + 1));
    await Promise.all(ids.map((id) => source.detail(productsResource, id, signal)));
    expect(source.concurrency).toBe(4);
    expect(supplier().maxInFlight).toBe(4);
    expect(supplier().connections).toBeLessThanOrEqual(4);
  });
});
