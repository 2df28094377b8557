import * as fc from 'fast-check';
import { parseWorkerEvent } from '../../functions/scheduled-sync/event.ts';
import { createBaseUrl } from '../../shared/adapters/http/base-url.ts';
import { cursorOfNext, cursorText, parseCursor } from '../../shared/adapters/http/page-cursor.ts';
import { UpstreamError } from '../../shared/core/errors.ts';
import { isJsonObject, type Json, type JsonObject } from '../../shared/core/json.ts';
import { idOfOrderedKey, orderedKey, recordId } from '../../shared/core/record-id.ts';
import { resources } from '../../shared/resources/index.ts';
import type { Part } from './report.ts';

const EACH = 250_000;
const BATCH = 10_000;
const ORIGIN = 'https://supplier.example';
const base = createBaseUrl(`${ORIGIN}/api/v1`);

const FIELDS = [
  'id',
  'name',
  'title',
  'selling_price',
  'price',
  'quantity',
  'category',
  'parent',
  'brand',
  'images',
  'image',
  'tags',
  'weight',
  'is_active',
  'sale_unit_type',
  'promo_price',
  'barcodes',
  'has_promotion',
  'promotion_end_date',
  'specifications',
  'delivery_methods',
  '__proto__',
];
const oddNumber = fc.constantFrom('1300.00', '12,5', '1.234,56', '', '1e400', '-2.000', 'NaN');
const json: fc.Arbitrary<Json> = fc.jsonValue({ maxDepth: 3 }).map((value) => {
  const parsed: Json = JSON.parse(JSON.stringify(value));
  return parsed;
});
const value: fc.Arbitrary<Json> = fc.oneof(oddNumber, fc.integer(), fc.boolean(), json);
const record: fc.Arbitrary<JsonObject> = fc
  .dictionary(fc.constantFrom(...FIELDS), value, { maxKeys: 8 })
  .map((wire) => Object.assign({ id: 12, name: 'record' }, wire));

/** What must hold of any record: a value or a reason, never an exception, and JSON that stays itself. */
function checkRecord(wire: JsonObject): void {
  for (const resource of resources) {
    resource.needsDetail(wire);
    const checked = resource.validate(wire);
    if (!checked.ok) {
      if (checked.reason === '') throw new Error(`${resource.name}: a reject without a reason`);
      continue;
    }
    const text = JSON.stringify(checked.body);
    const again = resource.validate(wire);
    if (!again.ok || JSON.stringify(again.body) !== text) throw new Error('not the same twice');
    resource.titleOf(checked.body);
  }
}

const event = fc.oneof(
  json,
  fc.record(
    {
      resource: fc.oneof(fc.constantFrom('products', 'categories', 'all'), json),
      force: fc.oneof(fc.constantFrom('true', 1, true, false, null), json),
    },
    { requiredKeys: [] },
  ),
);

/** Only `force === true` ever forces. */
function checkEvent(input: Json): void {
  const parsed = parseWorkerEvent(input, ['main']);
  if (!('event' in parsed)) return;
  const asked = isJsonObject(input) && input['force'] === true;
  if (parsed.event.force && !asked) throw new Error(`forced by ${JSON.stringify(input)}`);
}

const url = fc.oneof(
  fc.webUrl({ withQueryParameters: true }),
  fc.string({ maxLength: 40 }),
  fc
    .tuple(
      fc.constantFrom(
        '//evil.example',
        '\\\\evil.example',
        `${ORIGIN}@evil.example`,
        ORIGIN,
        'http://supplier.example',
        '..',
        '%2e%2e',
        '/api/v1',
        '/api/v1evil',
      ),
      fc.string({ maxLength: 20 }),
    )
    .map(([start, rest]) => `${start}/${rest}`),
);

/** Wherever `next` points, what is asked for lies below the base URL. */
function checkUrl(next: string): void {
  const asked = base.resolve('b2c/products/?page=1&page_size=100');
  try {
    const cursor = cursorOfNext(next, { cursor: parseCursor(null), asked, base });
    const followed = parseCursor(cursorText(cursor));
    if (followed.kind === 'number') return;
    const { origin, pathname, username } = base.resolve(followed.path);
    if (origin !== ORIGIN || !pathname.startsWith('/api/v1/') || username !== '')
      throw new Error(`"next" ${JSON.stringify(next)} leads to ${origin}${pathname}`);
  } catch (error) {
    if (!(error instanceof UpstreamError)) throw error;
  }
}

const id: fc.Arbitrary<unknown> = fc.oneof(
  fc.integer(),
  fc.double(),
  fc.string({ unit: 'binary', maxLength: 12 }),
  fc.constantFrom('#', '/', '..', '.', '', '\uD800', '007', '7', 'n017', 's7', '1e3', '😀'),
  fc.nat().map(String),
);

/** A key for each id, and back: no two ids share one; or a reject. */
function checkIds([a, b]: readonly [unknown, unknown]): void {
  const [one, other] = [recordId(a), recordId(b)];
  for (const known of [one, other]) {
    if (known === null) continue;
    if (idOfOrderedKey(orderedKey(known)) !== known) throw new Error(`the key of ${known} is lost`);
    const path = resources[0]?.detailPath(known) ?? '';
    const { origin, pathname } = base.resolve(path);
    if (origin !== ORIGIN || !pathname.startsWith('/api/v1/b2c/'))
      throw new Error(`the detail of ${JSON.stringify(known)} is at ${pathname}`);
  }
  if (one !== null && other !== null && one !== other && orderedKey(one) === orderedKey(other))
    throw new Error(`${one} and ${other} share a key`);
}

interface Fuzzed {
  readonly name: string;
  readonly run: (seed: number) => string | null;
}

function fuzzed<Input>(
  name: string,
  inputs: fc.Arbitrary<Input>,
  check: (input: Input) => void,
): Fuzzed {
  const property = fc.property(inputs, (input) => check(input));
  return {
    name,
    run: (seed) => {
      const details = fc.check(property, { seed, numRuns: BATCH });
      return details.failed ? (fc.defaultReportMessage(details) ?? 'broken') : null;
    },
  };
}

const KINDS: readonly Fuzzed[] = [
  fuzzed('ids', fc.tuple(id, id), checkIds),
  fuzzed('urls', url, checkUrl),
  fuzzed('events', event, checkEvent),
  fuzzed('records', record, checkRecord),
];

/** Records, events, URLs and ids that nobody sane sends. */
export const fuzz: Part = async (timeMs, say) => {
  const faults: string[] = [];
  const figures: Record<string, number> = {};
  const allEndAtMs = performance.now() + timeMs;
  for (const [at, { name, run }] of KINDS.entries()) {
    // What one kind leaves of its time, those after it have.
    const nowMs = performance.now();
    const endsAtMs = nowMs + (allEndAtMs - nowMs) / (KINDS.length - at);
    let count = 0;
    for (let seed = 1; count < EACH && performance.now() < endsAtMs; seed += 1) {
      const fault = run(seed);
      if (fault !== null) faults.push(`${name}: ${fault}`);
      count += BATCH;
    }
    figures[name] = count;
    say(`fuzz: ${count} ${name}, ${faults.length} faults`);
  }
  return { part: 'fuzz', faults, figures };
};
