import { setTimeout as sleep } from 'node:timers/promises';
import type { Arena, Kind, Round, RoundOptions } from './arena.ts';
import { median } from './goals.ts';

/** What a contender's rounds come to, by medians. */
export interface Standing {
  readonly recordsPerSecond: number;
  readonly cpuMsPerRecord: number;
  readonly ms: number;
  readonly rounds: readonly Round[];
}

/**
 * Contenders take turns for `rounds` rounds, after one that only warms them up: what else the machine
 * does falls on all of them alike. Before each round it rests for `restMs`. Answers one standing for
 * each, in their order.
 */
export async function interleaved<const Kinds extends readonly Kind[]>(
  arena: Arena,
  kinds: Kinds,
  {
    rounds,
    restMs = 0,
    ...options
  }: RoundOptions & { readonly rounds: number; readonly restMs?: number },
): Promise<(kind: Kinds[number]) => Standing> {
  const all = new Map<Kind, Round[]>();
  for (let turn = 0; turn <= rounds; turn += 1) {
    for (const kind of kinds) {
      await sleep(restMs);
      const round = await arena.round(kind, options);
      if (turn > 0) all.set(kind, [...(all.get(kind) ?? []), round]);
    }
  }
  return (kind) => standingOf(all.get(kind) ?? []);
}

function standingOf(rounds: readonly Round[]): Standing {
  return {
    recordsPerSecond: median(rounds.map(({ records, ms }) => (records / ms) * 1000)),
    cpuMsPerRecord: median(rounds.map(({ records, cpuMs }) => cpuMs / records)),
    ms: median(rounds.map(({ ms }) => ms)),
    rounds,
  };
}
