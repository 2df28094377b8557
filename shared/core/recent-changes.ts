import { changedFields } from './changed-fields.ts';
import type { RecentChange } from './control.ts';
import type { Json, JsonObject } from './json.ts';

/** What people look for first; others come after them, in the order of the body. */
const FIRST = ['title', 'name', 'price', 'stock', 'is_available', 'is_active', 'parent'];
/** Never shown where records are listed; a page that knows nothing can show nothing. */
const SECRET = 'private';
const MOST_CHANGES = 6;
const MOST_CHARACTERS = 60;

/** What a glance tells of an update: at most 6 fields, of plain ones the value before and after. */
export function recentChanges(before: JsonObject, after: JsonObject): readonly RecentChange[] {
  const fields = Object.entries(changedFields(opened(before), opened(after))).toSorted(
    ([a], [b]) => rankOf(a) - rankOf(b),
  );
  return fields.slice(0, MOST_CHANGES).map(([name, { from, to }]) => {
    const field = cutText(name);
    return isPlain(from) && isPlain(to) ? { field, from: cut(from), to: cut(to) } : { field };
  });
}

function opened({ [SECRET]: _secret, ...open }: JsonObject): JsonObject {
  return open;
}

function rankOf(field: string): number {
  const rank = FIRST.indexOf(field);
  return rank === -1 ? FIRST.length : rank;
}

type Plain = string | number | boolean | null;

const isPlain = (value: Json): value is Plain => typeof value !== 'object' || value === null;

const cut = (value: Plain): Plain => (typeof value === 'string' ? cutText(value) : value);

/** Names of fields, too: the supplier may make them up. */
const cutText = (text: string): string =>
  text.length > MOST_CHARACTERS ? `${text.slice(0, MOST_CHARACTERS).toWellFormed()}…` : text;
