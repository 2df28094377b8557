import { expect, test } from 'vitest';
import { UpstreamError } from '../../shared/core/errors.ts';
import type { JsonObject } from '../../shared/core/json.ts';
import type { Page } from '../../shared/core/ports.ts';
import { idOfRow } from '../../shared/core/record-id.ts';
import { minutes } from '../../shared/core/resource.ts';
import { many, type FakeSource } from '../support/fake-source.ts';
import { onEachStore } from '../support/stores.ts';
import { syncBench, synced, type Store, type SyncBench } from '../support/sync-bench.ts';

const SIZE = 20;
const numberOf = (cursor: string | null): number => Number(cursor ?? 1);

/** Pages of 20, in which a list says nothing of its end, and what comes past it. */
type PastEnd = 'empty' | 'not found' | 'the last page' | 'the first page';
const EMPTY: Page = { entries: [], next: null, count: null, isGuess: true };
const NOT_FOUND: Page = { entries: [], next: null, count: null, isNotFound: true };

function guessing(store: Store, listed: readonly JsonObject[], past: PastEnd) {
  const bench = syncBench(store, [...listed]);
  const asked: number[] = [];
  const page: FakeSource['page'] = async (_resource, cursor) => {
    const number = numberOf(cursor);
    asked.push(number);
    bench.source.before({ call: asked.length, kind: 'page', of: String(number) });
    const { rows } = bench.source;
    const last = Math.ceil(rows.length / SIZE);
    if (number > last && past === 'empty') return EMPTY;
    if (number > last && past === 'not found') return NOT_FOUND;
    const shown = number <= last ? number : past === 'the last page' ? last : 1;
    const entries = rows.slice((shown - 1) * SIZE, shown * SIZE);
    return { entries, next: String(number + 1), isGuess: true, count: null };
  };
  Object.assign(bench.source, { page });
  return { bench, asked };
}

/** The rows at these places are edited: the supplier lists them first from now on. */
function restock(bench: SyncBench, from: number, to: number): void {
  const { rows } = bench.source;
  bench.source.rows = [...rows.slice(from, to), ...rows.slice(0, from), ...rows.slice(to)];
}

/** Before that page is read for the first time in a scan. */
function before(bench: SyncBench, page: number, change: () => void): void {
  let isDone = false;
  bench.source.before = ({ kind, of }) => {
    if (isDone || kind !== 'page' || of !== String(page)) return;
    isDone = true;
    change();
  };
}

/** Pauses a scan within that page. */
async function restingIn(bench: SyncBench, page: number): Promise<void> {
  const id = idOfRow(bench.source.rows[(page - 1) * SIZE + SIZE / 2] ?? null);
  bench.source.calls.length = 0;
  await bench.sync({}, { shouldStop: () => bench.source.calls.includes(`detail ${id}`) });
  expect((await bench.control()).run).toMatchObject({ phase: 'listing', cursor: String(page) });
}

const splitAt = <Item>(items: readonly Item[], at: number): [Item[], Item[]] => [
  items.slice(0, at),
  items.slice(at),
];

const PASTS: readonly PastEnd[] = ['empty', 'not found', 'the last page', 'the first page'];
const ids = async (bench: SyncBench) => Object.keys(await bench.live());
const bodyOf = ({ id, name }: JsonObject) => [id, { name }];

onEachStore('a list that says nothing of its end', (open) => {
  test.each(PASTS)('is read whole, where %s comes past its end', async (past) => {
    const { bench, asked } = guessing(await open(), many(90), past);
    expect(await bench.sync()).toMatchObject({ success: true, stats: { created: 90 } });
    expect(asked.length).toBeLessThanOrEqual(5 + 3);
  });

  test.each(PASTS.flatMap((past) => [2, 3].map((number) => [number, past] as const)))(
    'goes on behind page %i that shifted by its length (%s)',
    async (number, past) => {
      const { bench } = guessing(await open(), many(90), past);
      // 20 new ones come first, so that this page repeats the one before it.
      before(bench, number, () => {
        bench.source.rows = many(110);
      });
      const { stats } = await bench.sync();
      expect(stats?.duplicates).toBeGreaterThanOrEqual(20);
      expect(await bench.live()).toMatchObject(Object.fromEntries(many(90).map(bodyOf)));
    },
  );

  test.each(PASTS)(
    'goes on where it shifted by two pages once it is resumed (%s)',
    async (past) => {
      const { bench } = guessing(await open(), many(200), past);
      await restingIn(bench, 3);
      // 40 new ones come first, so that the fifth page repeats the third, and the sixth the fourth.
      before(bench, 5, () => {
        bench.source.rows = many(240);
      });
      expect(await bench.sync({ resumeOnly: true })).toMatchObject({ success: true });
      expect(await bench.live()).toMatchObject(Object.fromEntries(many(200).map(bodyOf)));
    },
  );

  test.each(PASTS)(
    'goes on where its third page is its first again, since two pages of new ones came first (%s)',
    async (past) => {
      const { bench } = guessing(await open(), many(90), past);
      before(bench, 3, () => {
        bench.source.rows = many(130);
      });
      expect(await bench.sync()).toMatchObject({ success: true });
      expect(await bench.live()).toMatchObject(Object.fromEntries(many(90).map(bodyOf)));
    },
  );

  test.each(PASTS.flatMap((past) => [1, 2, 3].map((shifts) => [shifts, past] as const)))(
    'goes on where it shifted by its length %i times, once for each page (%s)',
    async (shifts, past) => {
      const { bench, asked } = guessing(await open(), many(130), past);
      bench.source.before = ({ kind, of }) => {
        const shift = Number(of) - 3;
        if (kind === 'page' && shift >= 1 && shift <= shifts)
          bench.source.rows = many(130 + 20 * shift);
      };
      expect(await bench.sync()).toMatchObject({ success: true });
      expect(await bench.live()).toMatchObject(Object.fromEntries(many(130).map(bodyOf)));
      expect(asked.length).toBeLessThanOrEqual(7 + shifts + 2 + 2 * (shifts + 1));
    },
  );

  test.each(PASTS)('goes on so where it was resumed, too (%s)', async (past) => {
    const { bench } = guessing(await open(), many(130), past);
    await restingIn(bench, 3);
    bench.source.before = ({ kind, of }) => {
      const shift = Number(of) - 3;
      if (kind === 'page' && shift >= 1 && shift <= 2) bench.source.rows = many(130 + 20 * shift);
    };
    expect(await bench.sync({ resumeOnly: true })).toMatchObject({ success: true });
    expect(await bench.live()).toMatchObject(Object.fromEntries(many(130).map(bodyOf)));
  });

  test('ends all the same where its first page changes with each request', async () => {
    const { bench, asked } = guessing(await open(), many(90), 'the last page');
    const { page } = bench.source;
    const restless: FakeSource['page'] = async (resource, cursor, signal) => {
      const found = await page(resource, cursor, signal);
      const entries = [{ id: 1_000 + asked.length, name: 'new' }, ...found.entries.slice(1)];
      return numberOf(cursor) === 1 ? { ...found, entries } : found;
    };
    Object.assign(bench.source, { page: restless });
    expect(await bench.sync()).toMatchObject({ success: true });
    expect(asked.length).toBeLessThan(25);
  });

  test('ends all the same where its first page can’t be read again', async () => {
    const { bench, asked } = guessing(await open(), many(90), 'the last page');
    bench.source.before = ({ kind, of }) => {
      if (kind === 'page' && of === '1' && asked.length > 1)
        throw new UpstreamError('invalid', 'not JSON');
    };
    expect(await bench.sync()).toMatchObject({ success: true, stats: { created: 90 } });
  });

  test.each([22, 25, 30])(
    'is read on where %i new ones a page came first for four pages',
    async (rate) => {
      const { bench } = guessing(await open(), many(400), 'empty');
      const add = (from: number): void => {
        const fresh = many(rate).map(({ id }) => ({ id: Number(id) + from, name: 'new' }));
        bench.source.rows = [...fresh, ...bench.source.rows];
      };
      bench.source.before = ({ kind, of }) => {
        if (kind === 'page' && Number(of) >= 4 && Number(of) <= 7) add(Number(of) * 1_000);
      };
      expect(await bench.sync()).toMatchObject({ success: true });
      expect(await bench.live()).toMatchObject(Object.fromEntries(many(400).map(bodyOf)));
    },
  );

  test.each(['the front', 'the middle'])(
    'loses nothing to a last row that moves to %s, where its last page comes for ever',
    async (place) => {
      const { bench } = guessing(await open(), many(41), 'the last page');
      await bench.sync();
      const [first, rest] = place === 'the front' ? [[], many(41)] : splitAt(many(41), SIZE);
      for (const scan of [1, 2]) {
        bench.source.rows = many(41);
        before(bench, 3, () => {
          bench.source.rows = [...first, ...rest.slice(-1), ...rest.slice(0, -1)];
        });
        bench.untilDue();
        await bench.sync();
        expect(await ids(bench), `scan ${scan}`).toHaveLength(41);
      }
    },
  );

  test('is known by its end, however long a page takes', async () => {
    const { bench } = guessing(await open(), many(90), 'not found');
    await bench.sync();
    bench.source.details.set('50', { id: 50, name: 'Record 50' });
    bench.source.rows = many(90).filter(({ id }) => id !== 50);
    bench.source.before = ({ kind, of }) => {
      if (kind === 'page' && of === '5') bench.clock.advance(61_000);
    };
    for (const removed of [0, 1]) {
      bench.untilDue();
      expect(await bench.sync()).toMatchObject({ success: true, stats: { removed } });
    }
  });

  test.each([
    ['page 1 twice', [2, 3]],
    ['page 2 once, and twice after it', [3, 4, 4]],
  ] as const)('goes on where it shifted behind %s', async (_, at) => {
    const { bench } = guessing(await open(), many(130), 'empty');
    const left = [...at];
    bench.source.before = ({ kind, of }) => {
      if (kind !== 'page') return;
      for (; left[0] === Number(of); left.shift())
        bench.source.rows = many(bench.source.rows.length + 20);
    };
    expect(await bench.sync()).toMatchObject({ success: true });
    expect(await bench.live()).toMatchObject(Object.fromEntries(many(130).map(bodyOf)));
  });

  test('is over once it came round, a page more, and its first page again', async () => {
    const { bench, asked } = guessing(await open(), many(60), 'empty');
    const { page } = bench.source;
    const round: FakeSource['page'] = async (resource, cursor, signal) => {
      const number = ((numberOf(cursor) - 1) % 3) + 1;
      const found = await page(resource, String(number), signal);
      return { ...found, next: String(numberOf(cursor) + 1) };
    };
    Object.assign(bench.source, { page: round });
    expect(await bench.sync()).toMatchObject({ success: true, stats: { created: 60 } });
    expect(asked.length).toBeLessThanOrEqual(3 + 3 + 1 + 1 + 1);
  });

  test('is over once it came round twice, also where one of its records went in between', async () => {
    const { bench, asked } = guessing(await open(), many(60), 'empty');
    const { page } = bench.source;
    const round: FakeSource['page'] = async (resource, cursor, signal) => {
      const last = Math.ceil(bench.source.rows.length / SIZE);
      const number = ((numberOf(cursor) - 1) % last) + 1;
      if (numberOf(cursor) === 4) bench.source.rows = many(60).slice(0, -1);
      const found = await page(resource, String(number), signal);
      if (asked.length > 100) throw new Error('the walk does not end');
      return { ...found, next: String(numberOf(cursor) + 1) };
    };
    Object.assign(bench.source, { page: round });
    expect(await bench.sync()).toMatchObject({ success: true, stats: { total: 60 } });
    expect(asked.length).toBeLessThanOrEqual(3 + 3 * 3 + 1);
  });

  test('whose last page comes again, and which announces its records, is no longer than announced', async () => {
    const { bench } = guessing(await open(), many(90), 'the last page');
    const { page } = bench.source;
    const counted: FakeSource['page'] = async (...asked) => {
      const { length: count } = bench.source.rows;
      return { ...(await page(...asked)), count };
    };
    Object.assign(bench.source, { page: counted });
    await bench.sync();
    bench.source.rows = many(89);
    bench.untilDue();
    // Its absence proves nothing, but its detail is gone.
    expect(await bench.sync()).toMatchObject({ success: true, stats: { removed: 1 } });
    expect(await ids(bench)).toHaveLength(89);
  });

  test.each(PASTS)(
    'loses nothing to rows that move away from its end where it was resumed before it (%s)',
    async (past) => {
      const { bench } = guessing(await open(), many(240), past);
      await bench.sync();
      for (let scan = 0; scan < 3; scan += 1) {
        bench.untilDue();
        bench.source.rows = many(240);
        await restingIn(bench, 11);
        before(bench, 12, () => restock(bench, 220, 240));
        await bench.sync({ resumeOnly: true });
        expect(await ids(bench)).toHaveLength(240);
      }
    },
  );

  test('is over where its first page comes again past its end, also once it is resumed', async () => {
    const { bench, asked } = guessing(await open(), many(90), 'the first page');
    await restingIn(bench, 3);
    asked.length = 0;
    expect(await bench.sync({ resumeOnly: true })).toMatchObject({
      success: true,
      stats: { created: 90, duplicates: 0 },
    });
    // The three that were left, and that first page twice; one more is read ahead.
    expect(asked.length).toBeLessThanOrEqual(3 + 2 + 1);
  });

  test('is read whole, although no row of two of its pages has an id', async () => {
    const nameless = (id: number) => id > 100 && id <= 140;
    const rows = many(200, (id) => (nameless(id) ? { id: null, was: id } : {}));
    const { bench } = guessing(await open(), rows, 'empty');
    expect(await bench.sync()).toMatchObject({ stats: { total: 200, created: 160, errors: 40 } });
  });

  test.each(['the last page', 'the first page'] as const)(
    'is over where %s comes past its end, although no row in it has an id',
    async (past) => {
      const { bench, asked } = guessing(
        await open(),
        many(90, (id) => ({ id: null, was: id })),
        past,
      );
      expect(await bench.sync()).toMatchObject({ stats: { total: 90, errors: 90 } });
      expect(asked.length).toBeLessThanOrEqual(5 + 3);
    },
  );

  test('and announces a few more than it has is read whole, and a success', async () => {
    const { bench } = guessing(await open(), many(90), 'not found');
    const { page } = bench.source;
    const counted: FakeSource['page'] = async (...given) => {
      const found = await page(...given);
      return found.isNotFound === true ? found : { ...found, count: 92 };
    };
    Object.assign(bench.source, { page: counted });
    expect(await bench.sync()).toMatchObject({ success: true, stats: { created: 90 } });
  });

  test.each(PASTS)('loses nothing to rows that move away from its end (%s)', async (past) => {
    const { bench } = guessing(await open(), many(240), past);
    await bench.sync();
    for (let scan = 0; scan < 3; scan += 1) {
      bench.untilDue();
      // The same 20 each time, fewer than wait for a person: edited while pages before them are read.
      bench.source.rows = many(240);
      before(bench, 12, () => restock(bench, 220, 240));
      await bench.sync();
      expect(await ids(bench)).toHaveLength(240);
    }
  });

  test('is read whole when it is resumed after much was put before it', async () => {
    const { bench } = guessing(await open(), many(200), 'empty');
    let stops = 0;
    await bench.sync({}, { shouldStop: () => (stops += 1) > 60 });
    expect((await bench.control()).run).not.toBeNull();
    bench.source.rows = many(290);
    bench.clock.advance(minutes(5));
    expect(await bench.sync({ resumeOnly: true })).toMatchObject({ success: true });
    // What came meanwhile is before where it went on; nothing of what it was is lost.
    expect(await bench.live()).toMatchObject(Object.fromEntries(many(200).map(bodyOf)));
  });

  test.each([
    ['the first page', many(90)],
    ['the last page', many(15)],
  ] as const)('removes what it lists no more, where %s comes past its end', async (past, rows) => {
    const { bench } = guessing(await open(), rows, past);
    await bench.sync();
    bench.source.details.set('7', { id: 7, name: 'Record 7' });
    bench.source.rows = bench.source.rows.filter((row) => JSON.stringify(row) !== SEVENTH);
    for (let scan = 0; scan < 2; scan += 1) {
      bench.untilDue();
      await bench.sync();
    }
    expect(await ids(bench)).not.toContain('7');
  });
});

const SEVENTH = JSON.stringify(many(7)[0]);

onEachStore('a page that is not found', (open) => {
  /** Only those pages are served; the others are not found. */
  const hiding = (bench: SyncBench, hidden: readonly number[], counts = true): void => {
    const { page } = bench.source;
    const served: FakeSource['page'] = async (resource, cursor, signal) => {
      if (hidden.includes(numberOf(cursor))) return NOT_FOUND;
      const found = await page(resource, cursor, signal);
      if (numberOf(cursor) > 1 && found.entries.length === 0) return NOT_FOUND;
      return counts ? found : { ...found, count: null };
    };
    Object.assign(bench.source, { page: served });
  };

  test.each([true, false])(
    'within the list is lost: the rest arrives (count: %s)',
    async (counts) => {
      const bench = syncBench(await open(), many(200));
      hiding(bench, [4], counts);
      const result = await bench.sync();
      expect(result).toMatchObject({ success: false, stats: { created: 180 } });
      expect((await bench.control()).lastError?.code).toBe('pages_lost');
    },
  );

  test('is lost as well where the one behind it can’t be read: the rest arrives', async () => {
    const bench = syncBench(await open(), many(200));
    bench.source.before = ({ kind, of }) => {
      if (kind === 'page' && of === '5') throw new UpstreamError('invalid', 'not JSON');
    };
    hiding(bench, [4]);
    expect(await bench.sync()).toMatchObject({ success: false, stats: { created: 160 } });
  });

  test('is asked for again where the supplier failed at the one behind it', async () => {
    const bench = syncBench(await open(), many(200));
    hiding(bench, [10], false);
    const { page } = bench.source;
    let isOut = true;
    const failing: FakeSource['page'] = async (resource, cursor, signal) => {
      if (isOut && numberOf(cursor) === 11)
        throw new UpstreamError('unavailable', 'HTTP 503', { isOutage: true });
      return page(resource, cursor, signal);
    };
    Object.assign(bench.source, { page: failing });
    await bench.sync();
    expect((await bench.control()).run).toMatchObject({ cursor: '10', pagesFailed: 0 });
    isOut = false;
    expect(await bench.sync({ resumeOnly: true, force: true })).toMatchObject({ success: true });
  });

  test('at its end, where fewer came than were announced, hides the rest: no success', async () => {
    const bench = await synced(await open(), many(200));
    hiding(bench, [10]);
    for (let scan = 0; scan < 3; scan += 1) {
      bench.untilDue();
      expect(await bench.sync()).toMatchObject({ success: false, stats: { removed: 0 } });
    }
  });

  test('at its end, where nothing was announced, is the end, and proves no absence', async () => {
    const bench = await synced(await open(), many(200));
    hiding(bench, [10], false);
    for (let scan = 0; scan < 3; scan += 1) {
      bench.untilDue();
      const result = await bench.sync();
      expect(result.stats).toMatchObject({ total: 180, removed: 0 });
    }
    expect(await ids(bench)).toHaveLength(200);
  });

  test('past the last one, of a list that names one more, is its end', async () => {
    const bench = syncBench(await open(), many(200));
    const { page } = bench.source;
    const naming: FakeSource['page'] = async (resource, cursor, signal) => {
      if (numberOf(cursor) > 10) return NOT_FOUND;
      const found = await page(resource, cursor, signal);
      return { ...found, next: String(numberOf(cursor) + 1) };
    };
    Object.assign(bench.source, { page: naming });
    expect(await bench.sync()).toMatchObject({ success: true, stats: { created: 200 } });
  });
});

onEachStore('an empty page within a list that says nothing of its end', (open) => {
  /** These pages come without the rows that they have. */
  const emptied = (bench: SyncBench, ...numbers: readonly number[]): void => {
    const { page } = bench.source;
    const emptying: FakeSource['page'] = async (resource, cursor, signal) =>
      numbers.includes(numberOf(cursor)) ? EMPTY : page(resource, cursor, signal);
    Object.assign(bench.source, { page: emptying });
  };

  test.each([
    ['its first page', [1]],
    ['two pages in a row', [3, 4]],
    ['its first two pages', [1, 2]],
  ] as const)('is no end where it is %s', async (_, empty) => {
    const { bench } = guessing(await open(), many(180), 'empty');
    emptied(bench, ...empty);
    const created = 180 - empty.length * SIZE;
    expect(await bench.sync()).toMatchObject({ success: true, stats: { created } });
  });

  test('is its end where it is the first of three, or all that there is', async () => {
    const { bench, asked } = guessing(await open(), many(90), 'empty');
    expect(await bench.sync()).toMatchObject({ success: true, stats: { created: 90 } });
    expect(asked).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
    const none = guessing(await open(), [], 'empty');
    expect(await none.bench.sync()).toMatchObject({ success: true, stats: { total: 0 } });
    expect(none.asked).toEqual([1, 2, 3]);
  });

  test.each(PASTS)('is no end: what is behind it arrives (%s)', async (past) => {
    const { bench } = guessing(await open(), many(90), past);
    emptied(bench, 3);
    expect(await bench.sync()).toMatchObject({ success: true, stats: { created: 70 } });
  });

  test('is no end where it announces more than the pages before it', async () => {
    const { bench } = guessing(await open(), many(90), 'empty');
    const { page } = bench.source;
    // Half a list is announced at first, and ends with an empty page.
    const counted: FakeSource['page'] = async (resource, cursor, signal) => {
      const number = numberOf(cursor);
      const found = number === 3 ? EMPTY : await page(resource, cursor, signal);
      return { ...found, count: number < 3 ? 40 : 90 };
    };
    Object.assign(bench.source, { page: counted });
    expect((await bench.sync()).stats).toMatchObject({ created: 70 });
  });

  test('proves no absence: what it hides stays', async () => {
    const { bench } = guessing(await open(), many(200), 'empty');
    await bench.sync();
    emptied(bench, 3);
    for (let scan = 0; scan < 3; scan += 1) {
      bench.untilDue();
      expect(await bench.sync()).toMatchObject({
        success: true,
        stats: { total: 180, removed: 0 },
      });
    }
    expect(await ids(bench)).toHaveLength(200);
  });

  test('is asked for again where the supplier failed at the one behind it', async () => {
    const { bench } = guessing(await open(), many(90), 'empty');
    bench.source.before = ({ kind, of }) => {
      if (kind === 'page' && of === '4')
        throw new UpstreamError('unavailable', 'HTTP 503', { isOutage: true });
    };
    emptied(bench, 3);
    await bench.sync();
    expect((await bench.control()).run).toMatchObject({ cursor: '3' });
    bench.source.before = () => {};
    expect(await bench.sync({ resumeOnly: true, force: true })).toMatchObject({ success: true });
    expect(await ids(bench)).toHaveLength(70);
  });
});

onEachStore('a page whose next is of no use', (open) => {
  const fault = new UpstreamError('invalid', '"next" leads back to a page already read');
  const atLast = (bench: SyncBench, cursorAfter: FakeSource['cursorAfter']): void => {
    const { page } = bench.source;
    const faulty: FakeSource['page'] = async (resource, cursor, signal) => {
      if (numberOf(cursor) > 3) return NOT_FOUND;
      const found = await page(resource, cursor, signal);
      return numberOf(cursor) === 3 ? { ...found, next: null, nextFault: fault } : found;
    };
    Object.assign(bench.source, { page: faulty, cursorAfter });
  };

  test('is kept: all rows arrive, and it is no success, where the page behind it is known', async () => {
    const bench = syncBench(await open(), many(50));
    atLast(bench, bench.source.cursorAfter);
    expect(await bench.sync()).toMatchObject({ success: false, stats: { created: 50 } });
    expect(await bench.control()).toMatchObject({ run: null, lastError: { code: 'pages_lost' } });
  });

  test('is kept where only it could tell, and the run ends, so that the next one begins anew', async () => {
    const bench = syncBench(await open(), many(50));
    atLast(bench, () => null);
    expect(await bench.sync()).toMatchObject({ success: false, stats: { created: 50 } });
    expect(await bench.control()).toMatchObject({ run: null, lastError: { code: 'invalid' } });
  });
});

onEachStore('pages that can’t be read', (open) => {
  test('are no progress: the run is begun again after half an hour of them', async () => {
    const bench = syncBench(await open(), many(60));
    bench.source.before = ({ kind, of }) => {
      if (kind === 'page' && of !== '1') throw new UpstreamError('invalid', 'HTTP 400');
    };
    await bench.sync();
    for (let tick = 0; tick < 12; tick += 1) {
      bench.clock.advance(minutes(5));
      bench.source.rows = many(61);
      await bench.sync({ resumeOnly: true });
    }
    expect(await ids(bench)).toContain('61');
  });
});
