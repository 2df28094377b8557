import { expect, test } from 'vitest';
import { WORDS } from '../../functions/pages/words.ts';

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
