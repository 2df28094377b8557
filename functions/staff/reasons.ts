import { html } from 'hono/html';
import { fill, type Markup, type Reader } from '../pages/format.ts';
import { knownWord, WORDS, type Words } from '../pages/words.ts';

type ReasonKey = Extract<keyof Words, `reason_${string}`>;

/** Every fault that our own checks word, and the names of its parts. What is none of them comes from the
 *  supplier, or from another version, and is shown as it is. */
const FAULTS: readonly (readonly [RegExp, ReasonKey])[] = [
  [/^missing$/, 'reason_missing'],
  [/^missing, or not a usable id$/, 'reason_no_id'],
  [
    /^(?:(?<name>[\w.]+) )?is not (?<expected>an? .+|the address of an image|JSON of .+)$/,
    'reason_is_not',
  ],
  [/^(?:(?<name>[\w.]+) )?is negative$/, 'reason_negative'],
  [/^(?:(?<name>[\w.]+) )?is malformed$/, 'reason_malformed'],
  [/^(?<word>.+) is neither kilograms nor grams$/, 'reason_weight_unit'],
  [/^too deep, or too large a number, in one of: (?<names>.+)$/, 'reason_too_deep'],
  [/^upstream answered no object$/, 'reason_no_object'],
  [/^upstream answered with id (?<id>.+)$/, 'reason_other_id'],
  [/^(?<bytes>\d+) bytes, over the (?<most>\d+) that can be stored$/, 'reason_too_large'],
  [/^Invalid input: expected (?<expected>\w+), received (?<received>\w+)$/, 'reason_type'],
  [/^Invalid input$/, 'reason_invalid'],
  [/: not found \(\d+\).*$/, 'reason_not_found'],
  [/: server error \((?<status>\d+)\).*$/, 'reason_server_error'],
  [/: no complete answer within (?<ms>\d+) ms$/, 'reason_late'],
  [/: not JSON: .*$/, 'reason_not_json'],
  [/: the JSON is cut: .*$/, 'reason_cut'],
  [/: the answer is JSON, but no record with an id$/, 'reason_no_record'],
];

/** Why a record is in error, fault by fault, in the reader's language. It is stored as `field: fault; …`. */
export function reasonIn(reason: string, reader: Reader): Markup {
  const faults = reason.split('; ').map((one) => faultIn(one, reader));
  const { between } = WORDS[reader.language];
  return html`${faults.map((fault, at) => html`${at === 0 ? '' : between}${fault}`)}`;
}

function faultIn(text: string, reader: Reader): Markup {
  const [, field = '', fault = text] = /^([\w.()]+): (.*)$/s.exec(text) ?? [];
  for (const [pattern, key] of FAULTS) {
    const match = pattern.exec(fault);
    if (match === null) continue;
    const words = WORDS[reader.language];
    const value = fill(words[key], filled(match.groups, reader));
    return fill(words.named, { name: knownWord(words, `field_${field}`) ?? field, value });
  }
  return html`${text}`;
}

/** The parts of a fault; what was expected is said in the reader's language. */
function filled(groups: Readonly<Record<string, string>> = {}, { language }: Reader) {
  const { name = '', expected = '', ...others } = groups;
  const known = knownWord(WORDS[language], `expected_${expected.replaceAll(/\W+/g, '_')}`);
  return { ...others, name, expected: known ?? expected };
}
