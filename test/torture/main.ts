import { parseArgs } from 'node:util';
import { fuzz } from './fuzz.ts';
import { engineHistories, histories, pairs } from './histories.ts';
import { largeCatalog, steadyMemory } from './memory.ts';
import { kills, zombies } from './processes.ts';
import { note, say, tableOf, type Outcome, type Part } from './report.ts';

/** Each part with its share of the time; it ends before, when its measure is full. */
const PARTS: readonly { readonly run: Part; readonly share: number }[] = [
  { run: pairs, share: 0.12 },
  { run: fuzz, share: 0.12 },
  { run: kills, share: 0.22 },
  { run: zombies, share: 0.1 },
  { run: steadyMemory, share: 0.1 },
  { run: largeCatalog, share: 0.1 },
  { run: engineHistories, share: 0.06 },
  { run: histories, share: 0.18 },
];
const DEFAULT_MINUTES = 30;

const sharesOf = (parts: readonly { readonly share: number }[]): number =>
  parts.reduce((sum, { share }) => sum + share, 0);

/** `npm run torture [-- --minutes 5] [--output torture.jsonl] [--only <part>]` */
async function main(): Promise<number> {
  const { values } = parseArgs({
    options: { minutes: { type: 'string' }, output: { type: 'string' }, only: { type: 'string' } },
  });
  const minutes = Number(values.minutes ?? DEFAULT_MINUTES);
  if (!(minutes > 0)) {
    say('--minutes wants a number above 0, for example: npm run torture -- --minutes 5');
    return 2;
  }
  const chosen = PARTS.filter(({ run }) => values.only === undefined || run.name === values.only);
  if (chosen.length === 0) {
    say(`--only wants one of: ${PARTS.map(({ run }) => run.name).join(', ')}`);
    return 2;
  }
  const outcomes: Outcome[] = [];
  const endsAtMs = performance.now() + minutes * 60_000 * sharesOf(chosen);
  for (const [at, { run, share }] of chosen.entries()) {
    const startedAtMs = performance.now();
    // What one part leaves of its time, those after it have.
    const timeMs = ((endsAtMs - startedAtMs) * share) / sharesOf(chosen.slice(at));
    const outcome = await run(timeMs, say);
    const seconds = (performance.now() - startedAtMs) / 1000;
    outcomes.push({ ...outcome, figures: { ...outcome.figures, seconds } });
    note(values.output, { minutes, ...outcome, seconds });
    say(tableOf(outcomes.slice(-1)));
    for (const fault of outcome.faults.slice(0, 5)) say(`        ${fault}`);
  }
  say(`\n${tableOf(outcomes)}`);
  return outcomes.every(({ faults }) => faults.length === 0) ? 0 : 1;
}

process.exitCode = await main();
