import { narrowJson } from '../core/json.ts';
import type { ListedRecord, Resource, Snapshot, ViewContext } from '../core/resource.ts';
import { earliest, type Bulk } from './answer.ts';

/** Records of a list as JSON text, with commas between. */
export interface Rendered {
  readonly bulk: Bulk;
  /** The next moment at which one of them changes by itself; null for never. */
  readonly changesAtMs: number | null;
}

/** Live texts already made in one context, by what they are made of. */
type LiveTexts = Map<string, string>;

/** A record's JSON text in a list: what was rendered when it was published, and what is judged now. */
export function listText(
  { view }: Resource,
  record: ListedRecord,
  context: ViewContext,
  made: LiveTexts = new Map(),
): string {
  const fixed = record.fixed ?? null;
  if (fixed === null || view.parts === undefined) {
    return JSON.stringify(view.inList(record, context));
  }
  const name = `${record.syncedAt}${JSON.stringify(record.body)}`;
  const live = made.get(name) ?? `,${narrowJson(view.parts.live(record, context)).slice(1)}`;
  made.set(name, live);
  return fixed.slice(0, -1) + live;
}

interface Kept extends Rendered {
  readonly madeAtMs: number;
}

/** Of each published version at most so many texts are kept, and characters of them. */
const KEPT_TEXTS = 16;
const KEPT_CHARACTERS = 16_000_000;

const keptOf = new WeakMap<Snapshot, Map<string, Kept>>();

/** The text of `records`, made once for the same snapshot, key and joined versions, until one of the
 *  records changes by itself. */
export function rendered(
  resource: Resource,
  { snapshot, records, key }: Selection,
  context: ViewContext,
): Rendered {
  const { nowMs } = context;
  const kept = keptOf.get(snapshot) ?? new Map<string, Kept>();
  keptOf.set(snapshot, kept);
  const joined = resource.joins.map((name) => context.related(name).version);
  const name = [key, ...joined].join(' ');
  const known = kept.get(name);
  kept.delete(name);
  const text = known !== undefined && isRight(known, nowMs) ? known : render();
  // What was asked for last comes last.
  kept.set(name, text);
  forgetOldest(kept);
  return text;

  function render(): Kept {
    const boundaries = records.map(({ body }) => resource.view.changesAtMs(body, nowMs));
    const made: LiveTexts = new Map();
    const texts = records.map((record) => listText(resource, record, context, made));
    const bulk = { text: texts.join(',') };
    return { bulk, changesAtMs: earliest(boundaries), madeAtMs: nowMs };
  }
}

/** What is to be rendered, and what it is kept under. */
export interface Selection {
  readonly snapshot: Snapshot;
  readonly records: readonly ListedRecord[];
  readonly key: string;
}

const isRight = ({ madeAtMs, changesAtMs }: Kept, nowMs: number): boolean =>
  madeAtMs <= nowMs && (changesAtMs === null || nowMs < changesAtMs);

function forgetOldest(kept: Map<string, Kept>): void {
  let characters = 0;
  for (const { bulk } of kept.values()) characters += bulk.text.length;
  for (const [name, { bulk }] of kept) {
    if (kept.size <= KEPT_TEXTS && characters <= KEPT_CHARACTERS) return;
    kept.delete(name);
    characters -= bulk.text.length;
  }
}

const joinedOf = new WeakMap<Bulk, { readonly parts: readonly Bulk[]; readonly whole: Bulk }>();

/** Some texts with commas between, as one; the same object as long as they are the same. */
export function sideBySide(parts: readonly Bulk[]): Bulk | null {
  const [first, ...others] = parts;
  if (first === undefined || others.length === 0) return first ?? null;
  const known = joinedOf.get(first);
  const isSame = known?.parts.length === parts.length;
  if (isSame && known.parts.every((part, at) => part === parts[at])) return known.whole;
  const whole = { text: parts.map(({ text }) => text).join(',') };
  joinedOf.set(first, { parts, whole });
  return whole;
}
