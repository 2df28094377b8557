import { performance } from 'node:perf_hooks';
import * as z from 'zod';
import { serve } from '../serve.ts';
import { floor } from './floor.ts';
import { ours } from './ours.ts';
import { script } from './script.ts';
import { work, type Contender, type Measured } from './work.ts';

/** One contender in a process of its own: a message is a round, the answer what it took. */
const contenders: Record<string, Contender> = {
  floor,
  script,
  /** The same script, one request after another. */
  sequential: (task) => script({ ...task, concurrency: 1 }),
  ours,
};

const { kind } = z.object({ kind: z.string() }).parse(JSON.parse(process.argv[2] ?? '{}'));
const contend = contenders[kind];
if (contend === undefined) throw new Error(`no contender is called "${kind}"`);

async function round(question: unknown): Promise<Measured> {
  const task = work.parse(question);
  const startedMs = performance.now();
  const before = process.cpuUsage();
  const records = (await contend?.(task)) ?? 0;
  const { user, system } = process.cpuUsage(before);
  return {
    ms: performance.now() - startedMs,
    cpuMs: (user + system) / 1000,
    peakBytes: process.resourceUsage().maxRSS * 1024,
    records,
  };
}

serve(round);
