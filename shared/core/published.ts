import { folded } from './folded.ts';
import { narrowJson, type JsonObject } from './json.ts';
import { publicId, type RecordId } from './record-id.ts';
import type { Resource, StoredRecord } from './resource.ts';

/** Raise it whenever `Listed` changes for a record that does not: every catalogue is then published anew
 *  by its next run. 4: ø, ł and đ are searched as o, l and d. */
export const PUBLISHED_FORM = 4;

/**
 * The pointer to what lists are answered from: the pages of a base, overlaid by the changes that were
 * committed since it was written, up to one version of the catalogue.
 */
export interface Published {
  /** The fence of the run that wrote the base; 0 is an empty one. */
  readonly base: number;
  /** How many pages the base has: of a base that a run wrote at least one, be it empty. */
  readonly pages: number;
  /** The version that readers see; later changes over the base belong to a run that is not over. */
  readonly version: number;
  /** Commits with changes over the base, in force or not: each is a page more to read. */
  readonly commits: number;
  /** Records changed or removed over the base, in force or not. */
  readonly changes: number;
  readonly form: number;
}

export const NOT_PUBLISHED: Published = {
  base: 0,
  pages: 0,
  version: 0,
  commits: 0,
  changes: 0,
  form: PUBLISHED_FORM,
};

/** What lists need of one record, made when it is stored. None of it is the shop's secret. */
export interface Listed {
  /** What joins, filters and the time are judged by, and the rest of it where `fixed` is null. */
  readonly body: JsonObject;
  /** JSON text of the public fields that neither time nor another resource changes, or null. */
  readonly fixed: string | null;
  /** What `search` looks through, folded. */
  readonly search: string;
}

/** One record on a published page. */
export interface PublishedRow extends Listed {
  readonly id: RecordId;
  /** ISO 8601 UTC. */
  readonly syncedAt: string;
}

/** Of each text that is searched: a title of a book's length is found by its start. */
const SEARCHED_CHARACTERS = 1_000;
/** Of all of them: a row is one of the store's, and holds what is shown of the record beside it. */
const MOST_SEARCHED_CHARACTERS = 10_000;

/** What lists need of a record. */
export function listedOf(
  { view }: Resource,
  { id, source, body }: Omit<StoredRecord<object>, 'syncedAt'> & { readonly body: JsonObject },
): Listed {
  const fixed = view.parts?.fixed(body);
  const texts = view.searched(body).filter((text) => text !== null && text !== undefined);
  const search = texts.map((text) => folded(text.slice(0, SEARCHED_CHARACTERS)));
  return {
    body: view.listed(body),
    fixed: fixed === undefined ? null : narrowJson({ id: publicId(id), source, ...fixed }),
    search: search.join('\n').slice(0, MOST_SEARCHED_CHARACTERS).toWellFormed(),
  };
}

/** Bytes that a row takes on a page, about. */
export function bytesOfRow({ id, body, fixed, search }: PublishedRow): number {
  const texts = [id, JSON.stringify(body), fixed ?? '', search];
  return texts.reduce((bytes, text) => bytes + Buffer.byteLength(text), 40);
}
