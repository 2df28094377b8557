import { RESOURCE_NAMES, type ResourceName } from './model.ts';
import { readListed, readStored } from './readers.ts';
import { refOf } from './recorded-store.ts';
import { calm, REMOVAL, REQUESTS, start, type Stage } from './stage.ts';
import { change } from './supplier.ts';

/** Two that converge, and one that is to find nothing to do. */
const SETTLED_RUNS = 3;

/** All faults stop, and what is held is approved: then due runs, the last of which is to find nothing
 *  to do. */
export async function settled(stage: Stage): Promise<void> {
  const { world, suppliers, skewsMs } = stage;
  world.isCalm = true;
  skewsMs.fill(0);
  for (const resource of RESOURCE_NAMES) {
    const supplier = suppliers[resource];
    supplier.faults.length = 0;
    change(supplier, 'insert', 0);
    change(supplier, 'heal', 0);
    await settledOne(stage, resource);
    await readStored(stage, resource);
    await readListed(stage, resource);
  }
}

async function settledOne(stage: Stage, resource: ResourceName): Promise<void> {
  const { world, running, store } = stage;
  for (let run = 0; run < SETTLED_RUNS; run += 1) {
    world.pass(131 * 60_000);
    start(stage, calm(resource), REQUESTS.schedule);
    await Promise.all(running);
    const { held } = await store.control(refOf(resource));
    if (held !== null) start(stage, calm(resource), REMOVAL);
    await Promise.all(running);
  }
}
