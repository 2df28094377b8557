import { expect, test } from 'vitest';
import { Command } from 'commander';
import { nameOption } from '../../cli/arguments.ts';
import { WORDS } from '../../functions/pages/words.ts';
import { remarkIn } from '../../functions/staff/remarks.ts';

const { fr, en } = WORDS;

test('French never breaks a line before : ; ? ! % and », nor after «', () => {
  for (const [key, text] of Object.entries(fr)) expect(text, key).not.toMatch(/ [:;?!%»]|« /);
  expect(fr.say_due).toContain('\u00a0; rien à faire');
});

const placeholders = (text: string) => (text.match(/\{\w+\}/g) ?? []).toSorted();

test('both languages say every text, with the same things filled in', () => {
  expect(Object.keys(en).toSorted()).toEqual(Object.keys(fr).toSorted());
  for (const [key, text] of Object.entries(fr)) {
    const other = Object.entries(en).find(([name]) => name === key)?.[1] ?? '';
    expect(text.trim(), key).not.toBe('');
    expect(other.trim(), key).not.toBe('');
    expect(placeholders(other), key).toEqual(placeholders(text));
  }
});

test('a text left in the other language is noticed', () => {
  const same = Object.entries(fr).filter(([key, text]) =>
    Object.entries(en).some(([name, other]) => name === key && other === text),
  );
  expect(same.map(([key]) => key)).toEqual([]);
});

test('whoever decides is told at once that it is done in a moment, not that it is done', () => {
  for (const answer of ['answer_retry', 'answer_approve', 'answer_discard'] as const) {
    expect(fr[answer]).toContain('dans un instant');
    expect(en[answer]).toContain('in a moment');
  }
});

test('a token without a name of its own is a program, in the reader’s language', async () => {
  const by = String(
    new Command().addOption(nameOption()).parse([], { from: 'user' }).opts()['name'],
  );
  const told = async (language: 'fr' | 'en') =>
    String(
      await remarkIn({ code: 'asked_by', values: { by } }, { language, zone: 'UTC', nowMs: 0 }),
    );
  expect(await told('fr')).toBe('Demandée par un programme.');
  expect(await told('en')).toBe('Asked for by a program.');
});
