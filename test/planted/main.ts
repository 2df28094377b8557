import pLimit from 'p-limit';
import { copyOfTheCode, firstRed, tryOut, type Copy, type Verdict } from './planted.ts';
import { SABOTAGES } from './sabotages.ts';

/** Copies that are broken and tested at once. */
const AT_ONCE = 2;

const say = (line: string): void => void process.stdout.write(`${line}\n`);

/** `node test/planted/main.ts [text]`: plants every bug, or those with the text in their name. */
async function main(wanted: string): Promise<number> {
  const chosen = SABOTAGES.filter(({ name }) => name.includes(wanted));
  const copies = Array.from({ length: AT_ONCE }, copyOfTheCode);
  const [first] = copies;
  try {
    const tests = [...new Set(chosen.flatMap((sabotage) => sabotage.tests))];
    if (first === undefined) throw new Error('there is no copy to break');
    const broken = await firstRed(first.folder, tests);
    if (broken !== null) {
      say(`The code is red before anything is planted: ${broken.test}\n${broken.said}`);
      return 2;
    }
    return reported(await tryAll(chosen, [...copies]));
  } finally {
    for (const copy of copies) copy.remove();
  }
}

async function tryAll(chosen: typeof SABOTAGES, free: Copy[]): Promise<Verdict[]> {
  const limit = pLimit(free.length);
  const tries = chosen.map((sabotage) =>
    limit(async () => {
      const copy = free.pop();
      if (copy === undefined) throw new Error('more at once than there are copies');
      try {
        const verdict = await tryOut(copy, sabotage);
        say(lineOf(verdict));
        return verdict;
      } finally {
        free.push(copy);
      }
    }),
  );
  return Promise.all(tries);
}

const lineOf = ({ name, red, tookMs }: Verdict): string =>
  `${red === null ? 'SURVIVED' : 'caught  '} ${(tookMs / 1000).toFixed(1).padStart(5)} s  ${name.padEnd(62)} ${(red?.test ?? '').slice(0, 160)}`;

function reported(verdicts: readonly Verdict[]): number {
  const survivors = verdicts.filter(({ red }) => red === null);
  say(`${verdicts.length - survivors.length} of ${verdicts.length} planted bugs were caught.`);
  if (survivors.length === 0) return 0;
  say('A survivor is a missing test: write it.');
  return 1;
}

process.exitCode = await main(process.argv[2] ?? '');
