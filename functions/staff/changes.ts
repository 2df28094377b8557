import { html } from 'hono/html';
import type { RecentChange } from '../../shared/core/control.ts';
import {
  fill,
  moment,
  momentText,
  money,
  NOTHING,
  exactNumber,
  type Filling,
  type Markup,
  type Reader,
} from '../pages/format.ts';
import { knownWord, WORDS } from '../pages/words.ts';

const TIME = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}/;

/** What an update changed, field by field; nothing for a record that is new. */
export function changesOf(changes: readonly RecentChange[] | undefined, reader: Reader): Markup {
  if (changes === undefined || changes.length === 0) return NOTHING;
  return html`<ul class="changes">
    ${changes.map((change) => html`<li>${changed(change, reader)}</li>`)}
  </ul>`;
}

function changed({ field, from, to }: RecentChange, reader: Reader): Markup {
  const words = WORDS[reader.language];
  const name = nameOf(field, reader);
  if (from === undefined || to === undefined) return html`${name}`;
  const [was, is] = [valueOf(field, from, reader), valueOf(field, to, reader)];
  // Two long texts may differ behind what is kept of them, two moments in their seconds.
  if (was.text === is.text) return html`${name}`;
  return fill(words.named, { name, value: html`${was.shown} → <b>${is.shown}</b>` });
}

/** Of a field in an object: what it is a part of, and its own name as it came. */
function nameOf(field: string, { language }: Reader): string {
  const words = WORDS[language];
  const [whole = '', ...part] = field.split('.');
  const known = knownWord(words, `field_${whole}`);
  if (part.length > 0) return `${known ?? whole} (${part.join('.')})`;
  return known ?? `${words.field_extra} (${field})`;
}

interface Shown {
  /** As it reads. */
  readonly text: string;
  readonly shown: Filling;
}

function valueOf(field: string, value: RecentChange['to'], reader: Reader): Shown {
  const atMs = typeof value === 'string' && TIME.test(value) ? Date.parse(value) : Number.NaN;
  if (!Number.isNaN(atMs)) return { text: momentText(atMs, reader), shown: moment(atMs, reader) };
  const text = textOf(field, value, reader);
  return { text, shown: text };
}

function textOf(field: string, value: RecentChange['to'], reader: Reader): string {
  const words = WORDS[reader.language];
  if (value === null || value === undefined || value === '') return words.nothing;
  if (typeof value === 'boolean') return value ? words.yes : words.no;
  if (typeof value === 'number') return exactNumber(value, reader);
  return (field === 'price' ? money(value, reader.language) : null) ?? value;
}
