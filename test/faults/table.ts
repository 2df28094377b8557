import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { CATALOGUE } from './catalogue.ts';

const TITLE =
  /\b(?:test|it)(?:\.each[^'"`]*?(?:\([\s\S]*?\)|`[\s\S]*?`))?\s*\(\s*(['"`])([UA]\d+ [\s\S]*?)\1,/g;
/** Titles whose id comes from a table: `%s` of a row that starts with it. */
const ROW_TITLE = /\[\s*'([UA]\d+ [^']*)'/g;

export interface FaultTest {
  readonly id: string;
  readonly title: string;
  readonly file: string;
}

/** Every test of a fault, by its title. */
export function faultTests(): FaultTest[] {
  const files = globSync('*.test.ts', { cwd: import.meta.dirname }).toSorted();
  return files.flatMap((file) => {
    const text = readFileSync(join(import.meta.dirname, file), 'utf8');
    const titles = [...text.matchAll(TITLE)].map(([, , title = '']) => title);
    const rows = [...text.matchAll(ROW_TITLE)].map(([, title = '']) => title);
    return [...titles, ...rows].map((title) => {
      const [id = ''] = title.split(' ');
      return { id, title: title.slice(id.length + 1), file };
    });
  });
}

/** What varies from row to row of a test is left out. */
const cell = (text: string): string =>
  text
    .replaceAll('|', '\\|')
    .replaceAll(/\n/g, ' ')
    .replaceAll(/%[sij]|\$\{[^}]*\}/g, '…');

/** The table of docs/faults.md: each fault, what must hold, and the tests that show it. */
export function faultTable(): string {
  const tests = faultTests();
  const rows = CATALOGUE.map(([id, fault, mustHold]) => {
    const shown = tests.filter((test) => test.id === id);
    const links = shown.map(({ title, file }) => `${cell(title)} (\`${file}\`)`);
    return `| ${id} | ${fault} | ${mustHold} | ${links.join('<br>')} |`;
  });
  return ['| id | fault | what must hold | shown by |', '| --- | --- | --- | --- |', ...rows].join(
    '\n',
  );
}
