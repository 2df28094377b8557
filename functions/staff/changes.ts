import { html } from 'hono/html';
import type { RecentChange } from '../../shared/core/control.ts';
import { fill, money, NOTHING, number, type Markup, type Reader } from '../pages/format.ts';
import { knownWord, WORDS } from '../pages/words.ts';

/** What an update changed, field by field; nothing for a record that is new. */
export function changesOf(changes: readonly RecentChange[] | undefined, reader: Reader): Markup {
  if (changes === undefined || changes.length === 0) return NOTHING;
  return html`<ul class="changes">
    ${changes.map((change) => html`<li>${changed(change, reader)}</li>`)}
  </ul>`;
}

function changed({ field, from, to }: RecentChange, reader: Reader): Markup {
  const words = WORDS[reader.language];
  const name = knownWord(words, `field_${field}`) ?? field;
  if (from === undefined || to === undefined) return html`${name}`;
  const [was, is] = [valueOf(field, from, reader), valueOf(field, to, reader)];
  return fill(words.named, { name, value: html`${was} → <b>${is}</b>` });
}

function valueOf(field: string, value: RecentChange['to'], reader: Reader): string {
  const words = WORDS[reader.language];
  if (value === null || value === undefined || value === '') return words.nothing;
  if (typeof value === 'boolean') return value ? words.yes : words.no;
  if (typeof value === 'number') return number(value, reader);
  return (field === 'price' ? money(value, reader.language) : null) ?? value;
}
