import { randomBytes } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import type { ControlRecord } from '../../shared/core/control.ts';
import { VersionGoneError } from '../../shared/core/errors.ts';
import type { CatalogReader } from '../../shared/core/ports.ts';
import { NOT_PUBLISHED, type PublishedRow } from '../../shared/core/published.ts';
import { compareIds } from '../../shared/core/record-id.ts';
import {
  chunkOf,
  commitNext,
  ended,
  holdOf,
  newCatalog,
  NO_ENDING,
  start,
  STORED_AT,
  summaryOf,
  tombstone,
  upsert,
  type OpenStore,
} from './catalog-fixture.ts';

const row = (id: string, change: Partial<PublishedRow> = {}): PublishedRow => ({
  id,
  syncedAt: STORED_AT,
  body: { title: `title of ${id}` },
  fixed: `{"id":${id}}`,
  search: `searched ${id}`,
  ...change,
});

async function idsAt(
  reader: CatalogReader,
  ref: ReturnType<typeof newCatalog>,
  control: ControlRecord,
): Promise<string[]> {
  const { records } = await reader.snapshot(ref, control);
  return records.map(({ id }) => id);
}

/** What lists are answered from: pages of a base, the changes over it, and the pointer to both. */
export function describePublishing(open: OpenStore): void {
  describe('a published version', () => {
    test('shows what the pointer names, and nothing that was committed after it', async () => {
      const { store, reader } = open();
      const ref = newCatalog();
      const first = await start(store, ref, 'run-1');
      const named = await commitNext(store, ref, first, chunkOf([upsert('1'), upsert('2')]));
      const later = await commitNext(store, ref, named, chunkOf([upsert('3'), tombstone('1')]));
      expect(await idsAt(reader, ref, named)).toEqual(['2', '1']);
      expect(await idsAt(reader, ref, later)).toEqual(['3', '2']);
      expect(await idsAt(reader, ref, named)).toEqual(['2', '1']);
    });

    test('has each change of its chunks, the last one of a record counting', async () => {
      const { store, reader } = open();
      const ref = newCatalog();
      let control = await start(store, ref, 'run-1');
      const chunks = [
        [upsert('1', 'old'), upsert('2'), upsert('10')],
        [upsert('1', 'new'), tombstone('2')],
        [tombstone('10')],
        [upsert('2', 'back')],
      ];
      for (const writes of chunks) control = await commitNext(store, ref, control, chunkOf(writes));
      const { records } = await reader.snapshot(ref, control);
      expect(records.map(({ id, body }) => [id, body['title']])).toEqual([
        ['2', 'back'],
        ['1', 'new'],
      ]);
    });

    test('has the pages of its base in their order, and each row as it was written', async () => {
      const { store, reader } = open();
      const ref = newCatalog();
      const control = await start(store, ref, 'run-1');
      const pages = [
        [row('é', { fixed: null, body: { title: 'Thé "vert"\n\u2028' } }), row('12')],
        [row('7', { search: 'riz\n123' })],
      ];
      for (const [at, rows] of pages.entries()) await store.writePage(ref, 1, at, rows);
      const published = { ...NOT_PUBLISHED, base: 1, pages: 2, version: 9 };
      const { records, version } = await reader.snapshot(ref, { ...control, published });
      expect(version).toBe(9);
      const read = records.map(({ id, syncedAt, body, fixed, search }) => {
        return { id, syncedAt, body, fixed, search };
      });
      expect(read).toEqual(pages.flat());
      expect(records[0]?.source).toBe(ref.source);
    });

    test('over a new base leaves the one before it readable, for walks that began on it', async () => {
      const { store, reader } = open();
      const ref = newCatalog();
      const first = await start(store, ref, 'run-1');
      const before = await commitNext(store, ref, first, chunkOf([upsert('1')]));
      await store.writePage(ref, before.fence, 0, [row('5')]);
      const base = { ...NOT_PUBLISHED, base: before.fence, pages: 1, version: 2 };
      const after = ended(before, { published: base });
      const ending = { summary: summaryOf('run-1'), held: null };
      await store.finish(ref, holdOf(before), after, ending);
      expect((await store.control(ref)).published).toEqual(base);
      expect(await idsAt(reader, ref, after)).toEqual(['5']);
      expect(await idsAt(reader, ref, before)).toEqual(['1']);
    });

    test('has no page beyond those that it names', async () => {
      const { store, reader } = open();
      const ref = newCatalog();
      const control = await start(store, ref, 'run-1');
      const ids = ['9', '8', '7'];
      for (const [at, id] of ids.entries()) await store.writePage(ref, 1, at, [row(id)]);
      await store.writePage(ref, 1, 0, [row('10'), row('9')]);
      const published = { ...NOT_PUBLISHED, base: 1, pages: 2, version: 3 };
      const { records } = await reader.snapshot(ref, { ...control, published });
      expect(records.map(({ id }) => id)).toEqual(['10', '9', '8']);
    });

    test('whose pages are no longer all there is told to be gone', async () => {
      const { store, reader } = open();
      const ref = newCatalog();
      const control = await start(store, ref, 'run-1');
      await store.writePage(ref, 1, 0, [row('2')]);
      const published = { ...NOT_PUBLISHED, base: 1, pages: 2, version: 3 };
      const read = reader.snapshot(ref, { ...control, published });
      await expect(read).rejects.toThrow(VersionGoneError);
    });

    test('of which nothing is left is told to be gone', async () => {
      const { store, reader } = open();
      const ref = newCatalog();
      const control = await start(store, ref, 'run-1');
      const published = { ...NOT_PUBLISHED, base: 77, version: 3 };
      const read = reader.snapshot(ref, { ...control, published });
      await expect(read).rejects.toThrow(VersionGoneError);
    });

    test('of an emptied catalogue is one empty page, and what comes later lies over it', async () => {
      const { store, reader } = open();
      const ref = newCatalog();
      const first = await start(store, ref, 'run-1');
      const stored = await commitNext(store, ref, first, chunkOf([upsert('1')]));
      const removed = await commitNext(store, ref, stored, chunkOf([tombstone('1')]));
      await store.writePage(ref, removed.fence, 0, []);
      const { fence: base, version } = removed;
      const published = { ...NOT_PUBLISHED, base, pages: 1, version };
      expect(await idsAt(reader, ref, { ...removed, published })).toEqual([]);
      await store.finish(ref, holdOf(removed), ended(removed, { published }), NO_ENDING);
      expect(await idsAt(reader, ref, await store.control(ref))).toEqual([]);
      const second = await start(store, ref, 'run-2');
      const back = await commitNext(store, ref, second, chunkOf([upsert('2')]));
      expect(await idsAt(reader, ref, back)).toEqual(['2']);
    });

    test('carries texts that do not compress, however many pages of it one chunk makes', async () => {
      const { store, reader } = open();
      const ref = newCatalog();
      const first = await start(store, ref, 'run-1');
      const texts = Array.from({ length: 6 }, () => randomBytes(250_000).toString('base64'));
      const writes = texts.map((text, at) => ({
        ...upsert(`${at}`),
        listed: { body: {}, fixed: JSON.stringify(text), search: '' },
      }));
      const after = await commitNext(store, ref, first, chunkOf(writes));
      const { records } = await reader.snapshot(ref, after);
      const expected = texts.map((text) => JSON.stringify(text)).toReversed();
      expect(records.map(({ fixed }) => fixed)).toEqual(expected);
    });
  });

  describe('live records', () => {
    test('come newest id first and whole, those that were removed left out', async () => {
      const { store } = open();
      const ref = newCatalog();
      let control = await start(store, ref, 'run-1');
      for (let chunk = 0; chunk < 3; chunk += 1) {
        const ids = Array.from({ length: 40 }, (_, at) => `${chunk * 40 + at}`);
        const writes = ids.map((id) => upsert(id, `${id}:${'x'.repeat(20_000)}`));
        control = await commitNext(store, ref, control, chunkOf(writes));
      }
      control = await commitNext(store, ref, control, chunkOf([tombstone('119')]));
      await store.finish(ref, holdOf(control), ended(control), NO_ENDING);
      const ids: string[] = [];
      for await (const records of store.liveRecords(ref)) ids.push(...records.map(({ id }) => id));
      expect(ids).toEqual(Array.from({ length: 119 }, (_, at) => `${118 - at}`));
    });

    test('come in the order of ids, also beyond the characters that one UTF-16 unit holds', async () => {
      const { store } = open();
      const ref = newCatalog();
      const ids = ['\u{1F375}', '\uFF21', '\uE000', 'thé', '\u{10FFFF}', '7', 'tea'];
      await commitNext(
        store,
        ref,
        await start(store, ref, 'run-1'),
        chunkOf(ids.map((id, at) => upsert(id, `title ${at}`))),
      );
      const live: string[] = [];
      for await (const records of store.liveRecords(ref)) live.push(...records.map(({ id }) => id));
      expect(live).toEqual(['\u{10FFFF}', '\u{1F375}', '\uFF21', '\uE000', 'thé', 'tea', '7']);
      expect(live).toEqual(ids.toSorted((a, b) => compareIds(b, a)));
    });
  });
}
