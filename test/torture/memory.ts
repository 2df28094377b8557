import { createClient } from '../../shared/adapters/dynamodb/client.ts';
import { createDynamoDBStore } from '../../shared/adapters/dynamodb/store.ts';
import { collectGarbage } from '../../shared/adapters/garbage.ts';
import { createSystemClock } from '../../shared/adapters/system-clock.ts';
import { forcedSync, silent as log } from '../support/forced-sync.ts';
import { editionSource, TABLE_NAME, things } from './child-catalog.ts';
import { driftFrom, newGround, startSync, type Ground } from './children.ts';
import type { Part } from './report.ts';

const SYNCS = 1_000;
const SYNC_RECORDS = 200;
/** Syncs after which the heap is first looked at: by then all code is loaded and warm. */
const WARM_SYNCS = 20;
/** What the heap may have grown by since, MB. */
const MAX_GROWTH_MB = 8;
const LARGE_RECORDS = 100_000;
/** In less time, a smaller catalogue is to do. */
const LARGE_FROM_MS = 120_000;
const SMALLER_RECORDS = 20_000;
const MAX_RSS_MB = 256;
/** A heap that fits into 256 MB; without a limit it grows into whatever the machine has. */
const LIMITED_HEAP = ['--max-old-space-size=128', '--max-semi-space-size=4'];

/** The heap in use once all garbage is collected, MB. */
function heapMb(): number {
  collectGarbage();
  return process.memoryUsage().heapUsed / 2 ** 20;
}

/** Syncs in one process, one after the other: every tenth changes all records, the rest none. */
export const steadyMemory: Part = async (timeMs, say) => {
  const endsAtMs = performance.now() + timeMs;
  const ground = await newGround();
  const faults: string[] = [];
  let firstMb = 0;
  let syncs = 0;
  try {
    const sync = inProcess(ground);
    while (syncs < SYNCS && performance.now() < endsAtMs) {
      const edition = Math.floor(syncs / 10);
      if (!(await sync(edition))) faults.push(`sync ${syncs} did not succeed`);
      syncs += 1;
      if (syncs === WARM_SYNCS) firstMb = heapMb();
      if (syncs % 200 === 0) say(`syncs: ${syncs}, ${faults.length} faults`);
    }
    const wanted = { records: SYNC_RECORDS, edition: Math.floor((syncs - 1) / 10) };
    faults.push(...(await driftFrom(ground, wanted)));
  } finally {
    await ground.stop();
  }
  const growthMb = firstMb === 0 ? 0 : heapMb() - firstMb;
  if (growthMb > MAX_GROWTH_MB) faults.push(`the heap grew by ${growthMb} MB`);
  return { part: 'flat memory', faults, figures: { syncs, heapMb: firstMb, growthMb } };
};

function inProcess({ endpoint }: Ground): (edition: number) => Promise<boolean> {
  const clock = createSystemClock();
  const store = createDynamoDBStore(createClient({ endpoint }), TABLE_NAME, { clock, log });
  return async (edition) => {
    const source = editionSource({ records: SYNC_RECORDS, edition }, 0);
    const { success } = await forcedSync({ resource: things, source, store, clock });
    return success;
  };
}

/** 100,000 records (20,000 in the short form), created and then found unchanged, each in a process of its own that is measured. */
export const largeCatalog: Part = async (timeMs, say) => {
  const records = timeMs < LARGE_FROM_MS ? SMALLER_RECORDS : LARGE_RECORDS;
  const ground = await newGround();
  const wanted = { records, edition: 1 };
  const faults: string[] = [];
  const figures: Record<string, number> = { records };
  try {
    for (const name of ['created', 'unchanged']) {
      const startedAtMs = performance.now();
      const child = startSync(ground, wanted, {
        aheadMs: 0,
        latencyMs: 0,
        flags: LIMITED_HEAP,
      });
      const answer = await child.ended;
      figures[`${name}S`] = (performance.now() - startedAtMs) / 1000;
      figures[`${name}RssMb`] = answer?.maxRssMb ?? 0;
      if (answer?.success !== true || answer.stats?.[name] !== records)
        faults.push(`not all were ${name}: ${JSON.stringify(answer)}`);
      if ((answer?.maxRssMb ?? 0) > MAX_RSS_MB)
        faults.push(`${name}: took ${answer?.maxRssMb} MB, over ${MAX_RSS_MB}`);
      say(`large catalogue: ${name}, ${Math.round(answer?.maxRssMb ?? 0)} MB`);
    }
    faults.push(...(await driftFrom(ground, wanted)));
  } finally {
    await ground.stop();
  }
  return { part: 'large catalogue', faults, figures };
};
