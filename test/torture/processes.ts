import { setTimeout as delay } from 'node:timers/promises';
import { driftFrom, newGround, startSync, type Ground } from './children.ts';
import type { Part } from './report.ts';

const KILLS = 1_000;
const ZOMBIES = 100;
const LANES = 2;
const RECORDS = 150;
/** Past the lease and its margin. */
const LEASE_OVER_MS = 101_000;
/** Kills in a row, before one is left to end and all is compared. */
const ROUND = 5;

/** Chance that a seed repeats, in [0, 1). */
function chance(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
    return state / 2_147_483_648;
  };
}

/** Real processes, killed with SIGKILL at any moment: what the next one finishes is whole. As many lanes
 *  at once as there are usually processors, each with an engine of its own. */
export const kills: Part = async (timeMs, say) => {
  const endsAtMs = performance.now() + timeMs;
  const faults: string[] = [];
  const counts = { kills: 0, editions: 0 };
  const isOver = (): boolean => counts.kills >= KILLS || performance.now() >= endsAtMs;
  const lane = async (seed: number): Promise<void> => {
    const ground = await newGround();
    const random = chance(seed);
    try {
      for (let edition = 1; !isOver(); edition += 1) {
        const round = await killRound(ground, edition, random);
        counts.kills += round.killed;
        counts.editions += 1;
        faults.push(...round.faults);
        if (counts.editions % 10 === 0) say(`kills: ${counts.kills}, ${faults.length} faults`);
      }
    } finally {
      await ground.stop();
    }
  };
  await Promise.all(Array.from({ length: LANES }, (_, number) => lane(number + 1)));
  return { part: 'SIGKILL', faults, figures: counts };
};

/** Kills some syncs of one edition in a row, lets another end, and compares all. */
async function killRound(
  ground: Ground,
  edition: number,
  random: () => number,
): Promise<{ readonly killed: number; readonly faults: readonly string[] }> {
  const wanted = { records: RECORDS, edition };
  let aheadMs = edition * (ROUND + 1) * LEASE_OVER_MS;
  let killed = 0;
  for (let kill = 0; kill < ROUND; kill += 1) {
    const victim = startSync(ground, wanted, { aheadMs, latencyMs: 10 });
    await victim.ready;
    await delay(random() * 200);
    victim.process.kill('SIGKILL');
    if ((await victim.ended) === null) killed += 1;
    aheadMs += LEASE_OVER_MS;
  }
  const last = await startSync(ground, wanted, { aheadMs, latencyMs: 0 }).ended;
  const drift = await driftFrom(ground, wanted);
  const failed =
    last?.success === true ? [] : [`edition ${edition}: the last sync did not succeed`];
  return { killed, faults: [...failed, ...drift] };
}

/** Real processes, paused past their lease while another syncs something newer: whatever the first
 *  then still writes is refused. */
export const zombies: Part = async (timeMs, say) => {
  const endsAtMs = performance.now() + timeMs;
  const random = chance(2);
  const ground = await newGround();
  const faults: string[] = [];
  const counts = { zombies: 0, fenced: 0, edition: 0, aheadMs: 0 };
  try {
    while (counts.zombies < ZOMBIES && performance.now() < endsAtMs) {
      const old = { records: RECORDS, edition: (counts.edition += 1) };
      const wanted = { records: RECORDS, edition: (counts.edition += 1) };
      const zombie = startSync(ground, old, { aheadMs: counts.aheadMs, latencyMs: 25 });
      await zombie.ready;
      await delay(60 + random() * 180);
      zombie.process.kill('SIGSTOP');
      counts.aheadMs += LEASE_OVER_MS;
      const winner = await startSync(ground, wanted, { aheadMs: counts.aheadMs, latencyMs: 0 })
        .ended;
      const settled = await ground.reader.control({ source: 'main', resource: 'things' });
      zombie.process.kill('SIGCONT');
      const answer = await zombie.ended;
      counts.aheadMs += LEASE_OVER_MS;
      counts.zombies += 1;
      if (answer?.success === false) counts.fenced += 1;
      if (winner?.success !== true)
        faults.push(`edition ${wanted.edition}: the second did not succeed`);
      const after = await ground.reader.control({ source: 'main', resource: 'things' });
      if (answer?.success === false && JSON.stringify(after) !== JSON.stringify(settled))
        faults.push(`edition ${wanted.edition}: a zombie touched the control record`);
      if (answer?.success === false) faults.push(...(await driftFrom(ground, wanted)));
      if (counts.zombies % 20 === 0) say(`zombies: ${counts.zombies}, ${faults.length} faults`);
    }
  } finally {
    await ground.stop();
  }
  const { zombies: paused, fenced } = counts;
  return { part: 'zombies', faults, figures: { paused, fenced } };
};
