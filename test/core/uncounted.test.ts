import { expect, test } from 'vitest';
import { UpstreamError } from '../../shared/core/errors.ts';
import type { CatalogSource } from '../../shared/core/ports.ts';
import { many, uncounted } from '../support/fake-source.ts';
import { onEachStore } from '../support/stores.ts';
import { synced, type SyncBench } from '../support/sync-bench.ts';

const idsOf = async (bench: SyncBench) => Object.keys(await bench.live()).map(Number);

onEachStore('a supplier that does not say how many records it has', (open) => {
  test('a page that can’t be read removes nothing, although no count contradicts it', async () => {
    const bench = await synced(await open(), many(60));
    uncounted(bench.source);
    // The page that fails has four: so few would go without anybody's word.
    bench.source.rows = many(60).filter(({ id }) => Number(id) > 4);
    bench.source.pageSize = 56;
    bench.source.rows = [...bench.source.rows, ...many(4)];
    bench.source.before = ({ kind, of }) => {
      if (kind === 'page' && of === '2') throw new UpstreamError('unavailable', 'HTTP 500');
    };
    const { page } = bench.source;
    const more: Pick<CatalogSource, 'page'> = {
      page: async (...given) =>
        given[1] === '3' ? { entries: [], next: null, count: null } : page(...given),
    };
    Object.assign(bench.source, more);
    for (let scan = 0; scan < 3; scan += 1) {
      bench.untilDue();
      const result = await bench.sync();
      expect(result).toMatchObject({ success: false, stats: { removed: 0 } });
      expect(await idsOf(bench)).toHaveLength(60);
    }
  });

  test('what an incomplete scan did not list is not taken for missing once', async () => {
    const bench = await synced(await open(), many(60));
    uncounted(bench.source);
    const { page } = bench.source;
    const torn: Pick<CatalogSource, 'page'> = {
      page: async (...given) =>
        given[1] === '4' ? { entries: [], next: null, count: null } : page(...given),
    };
    // The third page fails; a fourth one, empty, is the last.
    Object.assign(bench.source, torn);
    bench.source.before = ({ kind, of }) => {
      if (kind === 'page' && of === '3') throw new UpstreamError('unavailable', 'HTTP 500');
    };
    bench.untilDue();
    expect((await bench.sync()).success).toBe(false);
    // Now a whole scan misses record 7, which still has a detail: it shifted while it was read.
    bench.source.before = () => {};
    Object.assign(bench.source, { page });
    bench.source.details.set('7', { id: 7, name: 'Record 7' });
    bench.source.rows = bench.source.rows.filter(
      (row) => JSON.stringify(row) !== JSON.stringify({ id: 7, name: 'Record 7' }),
    );
    bench.untilDue();
    expect(await bench.sync()).toMatchObject({ success: true, stats: { removed: 0 } });
    expect(await idsOf(bench)).toContain(7);
  });
});
