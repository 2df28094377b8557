import type { RunSummary } from '../../shared/core/control.ts';
import type { Remark } from '../../shared/core/remarks.ts';
import { fill, number, type Filling, type Markup, type Reader } from '../pages/format.ts';
import { knownWord, WORDS } from '../pages/words.ts';
import { html } from 'hono/html';

/** Who decided where no person signed in, as it is stored; a token has the name `a program` by default. */
const DECIDED_BY: Readonly<Record<string, string>> = {
  'the command line': 'trigger_cli',
  cli: 'trigger_cli',
  invoke: 'trigger_invoke',
  schedule: 'trigger_schedule',
  'a program': 'by_program',
};

/** What is to be known of a run, in the reader's language; what was stored without codes, as it is. */
export function noteOf({ note, remarks }: RunSummary, reader: Reader): Markup {
  if (remarks === undefined) return html`${note ?? ''}`;
  return html`${remarks.map((remark) => html`${remarkIn(remark, reader)} `)}`;
}

/** One remark in the reader's language. */
export function remarkIn({ code, values }: Remark, reader: Reader): Markup {
  const words = WORDS[reader.language];
  const filled = Object.entries(values).map(([name, value]): [string, Filling] => [
    name,
    shownValue(name, value, reader),
  ]);
  return fill(words[`remark_${code}`], Object.fromEntries(filled));
}

function shownValue(name: string, value: string | number, reader: Reader): string {
  if (typeof value === 'number') return number(value, reader);
  const words = WORDS[reader.language];
  if (name === 'failure') return knownWord(words, `failure_${value}`) ?? value;
  if (name === 'by') return knownWord(words, DECIDED_BY[value] ?? '') ?? value;
  return value;
}
