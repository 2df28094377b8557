import { printed, type Json } from './json.ts';
import { idOfRow } from './record-id.ts';

/** Whether an id was made up for a row that has none of use: 16 characters of a digest. */
export const isMadeUp = (id: string): boolean => /^\?[\w-]{16}$/.test(id);

export type Digest = (text: string) => string;

/** A made-up id for a row that has none of use, from its content. */
export const madeUpId = (row: Json, digest: Digest): string => `?${digest(printed(row))}`;

/** What a row is known by: its id, or one made up from its content. */
export const listedId = (row: Json, digest: Digest): string =>
  idOfRow(row) ?? madeUpId(row, digest);

/** Whether two pages have the same rows, in whatever order. */
export const areSame = (some: ReadonlySet<string>, others: ReadonlySet<string> | null): boolean =>
  others !== null && some.size === others.size && [...some].every((id) => others.has(id));
