import { describe, expect, it } from 'vitest';
import { createSnapshotCache } from '../../../../shared/adapters/dynamodb/snapshot-cache.ts';
import { NOT_PUBLISHED } from '../../../../shared/core/published.ts';

const ref = { source: 'main', resource: 'products' };

/** A cache, and what it had to load: `base.pages.version`, and the version that it started from. */
function cacheUnderTest() {
  const loads: string[] = [];
  const snapshots = createSnapshotCache(async (_ref, { base, pages, version }, known) => {
    loads.push(`${base}.${pages}.${version} from ${known?.version ?? 'nothing'}`);
    return { version, records: [] };
  });
  const read = async (base: number, pages: number, version: number): Promise<string[]> => {
    loads.length = 0;
    await snapshots(ref, { ...NOT_PUBLISHED, base, pages, version });
    return [...loads];
  };
  return read;
}

describe('published versions in memory', () => {
  it('are read once, and a later one only from where the earlier ends', async () => {
    const read = cacheUnderTest();
    expect(await read(3, 2, 7)).toEqual(['3.2.7 from nothing']);
    expect(await read(3, 2, 7)).toEqual([]);
    expect(await read(3, 2, 8)).toEqual(['3.2.8 from 7']);
  });

  it('are the newest, whatever cursors ask for, and the one that was used last beside it', async () => {
    const read = cacheUnderTest();
    await read(3, 2, 9);
    for (const version of [8, 7, 6, 5]) await read(3, 2, version);
    expect(await read(3, 2, 5)).toEqual([]);
    expect(await read(3, 2, 9)).toEqual([]);
    await read(2, 4, 99);
    expect(await read(3, 2, 9)).toEqual([]);
  });

  it('never start from one that was cut out of fewer pages', async () => {
    const read = cacheUnderTest();
    await read(3, 0, 7);
    expect(await read(3, 2, 8)).toEqual(['3.2.8 from nothing']);
  });
});
