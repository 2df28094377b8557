import type { CatalogRef } from '../../core/control.ts';
import { orderedKey, type RecordId } from '../../core/record-id.ts';

/** The key of a row; its names are those of `table-schema.ts`. */
export interface RowKey {
  readonly pk: string;
  readonly sk: string;
}

/** The kinds of rows that a catalogue has beside its records, each a partition of its own. */
export type Partition =
  | 'control'
  | 'manifest'
  | 'seen'
  | 'runs'
  | 'rejects'
  | 'recent'
  | 'held'
  | 'published'
  | 'verified';

export const partitionOf = (partition: Partition, { source, resource }: CatalogRef): string =>
  `${partition}#${source}#${resource}`;

export const recordPartition = ({ source, resource }: CatalogRef): string =>
  `${source}#${resource}`;

export const controlKey = (ref: CatalogRef): RowKey => ({
  pk: partitionOf('control', ref),
  sk: 'control',
});

export const recentKey = (ref: CatalogRef): RowKey => ({
  pk: partitionOf('recent', ref),
  sk: 'recent',
});

export const recordKey = (ref: CatalogRef, id: RecordId): RowKey => ({
  pk: recordPartition(ref),
  sk: orderedKey(id),
});

export const rejectKey = (ref: CatalogRef, key: string): RowKey => ({
  pk: partitionOf('rejects', ref),
  sk: key,
});

export const runKey = (ref: CatalogRef, runId: string): RowKey => ({
  pk: partitionOf('runs', ref),
  sk: runId,
});

/** Where the rows of one manifest version start; a later version's sort after all of them. */
export const manifestPrefix = (version: number): string => `${padded(version, 12)}#`;

/** `base` sorts before `delta`, so that reading in order applies the changes last. */
export const manifestBaseKey = (ref: CatalogRef, version: number, part: number): RowKey => ({
  pk: partitionOf('manifest', ref),
  sk: `${manifestPrefix(version)}base#${padded(part, 8)}`,
});

export const manifestDeltaKey = (
  ref: CatalogRef,
  version: number,
  fence: number,
  chunk: number,
): RowKey => ({
  pk: partitionOf('manifest', ref),
  sk: `${manifestPrefix(version)}delta#${padded(fence, 12)}#${padded(chunk, 8)}`,
});

export const seenPrefix = (runId: string): string => `${runId}#`;

export const seenKey = (ref: CatalogRef, runId: string, fence: number, chunk: number): RowKey => ({
  pk: partitionOf('seen', ref),
  sk: `${seenPrefix(runId)}${padded(fence, 12)}#${padded(chunk, 8)}`,
});

/** The row that says how many parts there are; they are in force only once it exists. */
export const heldKey = (ref: CatalogRef, runId: string): RowKey => ({
  pk: partitionOf('held', ref),
  sk: runId,
});

export const heldPartKey = (ref: CatalogRef, runId: string, part: number): RowKey => ({
  pk: partitionOf('held', ref),
  sk: `${runId}#${padded(part, 8)}`,
});

export const verifiedKey = (ref: CatalogRef, part: number): RowKey => ({
  pk: partitionOf('verified', ref),
  sk: padded(part, 8),
});

/** Where the rows of one published base start, its changes included; a later base's sort after them. */
export const publishedPrefix = (base: number): string => `${padded(base, 12)}#`;

/** `base` sorts before `change`, so that reading in order applies the changes last. */
export const publishedBaseKey = (ref: CatalogRef, base: number, position: number): RowKey => ({
  pk: partitionOf('published', ref),
  sk: `${publishedPrefix(base)}base#${padded(position, 8)}`,
});

const changePrefix = (base: number, version: number): string =>
  `${publishedPrefix(base)}change#${padded(version, 12)}#`;

export const publishedChangeKey = (
  ref: CatalogRef,
  base: number,
  version: number,
  part: number,
): RowKey => ({
  pk: partitionOf('published', ref),
  sk: `${changePrefix(base, version)}${padded(part, 4)}`,
});

/** The sort keys of a base with its changes up to a version; only those after `known` when it is given. */
export function publishedRange(base: number, known: number | null, version: number) {
  const first = known === null ? publishedPrefix(base) : changePrefix(base, known + 1);
  return { first, last: `${changePrefix(base, version)}~` };
}

const padded = (value: number, digits: number): string => String(value).padStart(digits, '0');
