import type { CatalogReader } from '../core/ports.ts';
import type { RecordId } from '../core/record-id.ts';
import type { StoredRecord } from '../core/resource.ts';
import { ReadError } from './errors.ts';

interface Sources {
  readonly sources: readonly string[];
}

/** The sources that a read is about: the one it names, or all, the main one first.
 *  @throws ReadError `bad_parameter` naming those that there are */
export function askedSources(named: string | null, { sources }: Sources): readonly string[] {
  if (named === null) return sources;
  return [namedSource(named, { sources })];
}

/** A source by its name. @throws ReadError `bad_parameter` naming those that there are */
export function namedSource(name: string, { sources }: Sources): string {
  if (sources.includes(name)) return name;
  throw new ReadError('bad_parameter', `source must be ${sources.join(' or ')}.`);
}

/**
 * The source that something without a source belongs to: the first that has it when that is the main
 * one, else the only one.
 * @param having those that have it, in order
 * @throws ReadError `bad_parameter` when several have it, and the main one does not
 */
export function theOnly(having: readonly string[], { sources }: Sources): string | undefined {
  const [first, ...others] = having;
  if (others.length === 0 || first === sources[0]) return first;
  throw new ReadError('bad_parameter', `source is needed: ${having.join(' and ')} have this id.`);
}

/** The live record of an id in one of these sources, or null: see `theOnly`. An address stays its source's:
 *  what the first has removed is no other's. One read, where the first has it or had it.
 *  @throws ReadError `bad_parameter`; StoreUnavailableError */
export async function locate(
  resource: string,
  id: RecordId,
  asked: readonly string[],
  { reader, sources }: Sources & { readonly reader: Pick<CatalogReader, 'record' | 'lookUp'> },
): Promise<StoredRecord | null> {
  const [first = '', ...others] = asked;
  const own = await reader.lookUp({ source: first, resource }, id);
  if (own === 'removed') return null;
  if (own !== null || others.length === 0) return own;
  const found = await Promise.all(others.map((source) => reader.record({ source, resource }, id)));
  const records = found.filter((record) => record !== null);
  const source = theOnly(
    records.map((record) => record.source),
    { sources },
  );
  return records.find((record) => record.source === source) ?? null;
}
