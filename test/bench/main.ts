import { parseArgs } from 'node:util';
import { coldStart } from './cold/index.ts';
import { isMet, table, type Figure } from './goals.ts';
import { inCi } from './in-ci.ts';
import { againstLimits } from './limited.ts';
import { memory } from './memory.ts';
import { reads } from './reads/index.ts';
import { cpuAt1Ms, speedAt100Ms, speedAt25Ms, type Extent } from './speed.ts';

const USAGE = `Usage: npm run bench -- [part…] [--short] [--counted] [--check]
  part       one or more of: speed, limits, memory, cold, reads (default: these five),
             ci (about a minute: what is counted, and the speed beside floor and script)
  --short    fewer rounds and smaller catalogues: under 3 minutes
  --check    exit 1 when a goal is missed
  --counted  with --check: only counted goals fail, timed ones are reported (for busy machines)
`;

/** A part of the bench: its figures, each beside its goal. */
type Part = (extent: Extent) => Promise<Figure[]>;

const parts: Readonly<Record<string, readonly Part[]>> = {
  speed: [speedAt25Ms, speedAt100Ms, cpuAt1Ms],
  limits: [againstLimits],
  memory: [memory],
  cold: [coldStart],
  reads: [reads],
  ci: [inCi],
};

function wanted(names: readonly string[]): readonly Part[] {
  const unknown = names.filter((name) => !(name in parts));
  if (unknown.length > 0) throw new Error(`There is no part called ${unknown.join(', ')}.`);
  return (names.length > 0 ? names : ['speed', 'limits', 'memory', 'cold', 'reads']).flatMap(
    (name) => parts[name] ?? [],
  );
}

async function main(): Promise<number> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      short: { type: 'boolean', default: false },
      check: { type: 'boolean', default: false },
      counted: { type: 'boolean', default: false },
    },
  });
  const figures: Figure[] = [];
  for (const part of wanted(positionals)) {
    const found = await part({ isShort: values.short });
    figures.push(...found);
    for (const figure of found) {
      process.stderr.write(`${JSON.stringify({ ...figure, met: isMet(figure) })}\n`);
    }
  }
  process.stdout.write(`${table(figures).join('\n')}\n`);
  const missed = figures.filter((figure) => !isMet(figure));
  const failing = missed.filter(({ kind }) => kind === 'counted' || !values.counted);
  if (values.check && failing.length > 0) {
    process.stdout.write(`${failing.length} of ${figures.length} goals missed\n`);
    return 1;
  }
  return 0;
}

try {
  process.exitCode = await main();
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n\n${USAGE}`);
  process.exitCode = 2;
}
