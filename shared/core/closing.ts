import { emptyBatch } from './batch.ts';
import { commit, commitWrites } from './commit.ts';
import type { ActiveControl, ControlRecord, RunState } from './control.ts';
import { decideDeletions, settledCountOf, type Deletions } from './deletion.ts';
import { endForNow, endRun, type Ending } from './endings.ts';
import { goneOf } from './gone.ts';
import { compactManifest, KEPT, type Marks } from './manifest.ts';
import { renewPublished } from './publish.ts';
import type { RecordId } from './record-id.ts';
import { remarkText, type Remark } from './remarks.ts';
import type { RunPorts } from './run-ports.ts';

const COMPLETED: Ending = { outcome: 'completed', error: null };
/** More rejects than this part of the records, and than five, is no one record's trouble. */
const MOST_REJECTED = 0.5;

/** The last step of a run: what is missing is judged, then removed or held, and the run ends. */
export function advanceClosing(control: ActiveControl, ports: RunPorts): Promise<ControlRecord> {
  switch (control.run.scope) {
    case 'full':
      return closeFull(control, ports);
    case 'rejects':
      return closeRejects(control, ports);
    case 'removal':
      return closeRemoval(control, ports);
  }
}

async function closeFull(control: ActiveControl, ports: RunPorts): Promise<ControlRecord> {
  const { run } = control;
  const { marksProve } = control;
  const settled = { settledCount: settledCountOf(control), marksProve };
  const deletions = decideDeletions(ports.ledger, run, settled);
  const ending = isMostlyRejected(run) ? mostlyRejected(run) : endingOf(deletions);
  let current = control;
  if (ending.outcome === 'completed') {
    if (run.hasJudged !== true)
      current = await tombstone(current, await doomed(deletions, ports), ports);
    current = await clearStaleRejects(current, ports);
  }
  const isCompleted = ending.outcome === 'completed';
  const marks = {
    // An approval needs to know what is held.
    areMade: (isCompleted && provesAbsence(deletions)) || ending.held !== undefined,
    areKept: marksProve || !isCompleted,
  };
  return endPublished(current, ending, marks, ports);
}

/** What was missing and is served for all that is missing no more. */
async function closeRejects(control: ActiveControl, ports: RunPorts): Promise<ControlRecord> {
  return endPublished(control, endingOfRejects(control.run), KEPT, ports);
}

/** Carries out the deletions that a person approved; what is back in the list since then stays. */
async function closeRemoval(control: ActiveControl, ports: RunPorts): Promise<ControlRecord> {
  const { ref, store, ledger } = ports;
  const { held } = control;
  const ids = held === null ? null : await store.heldIds(ref, held.runId);
  const asked = new Set(ids ?? []);
  let current = control;
  for (const runId of held?.givenUpSince ?? []) {
    const run = { ...control.run, runId, chunks: 1 };
    const { seen } = await store.ledger(ref, { ...control, run });
    for (const id of seen) asked.delete(id);
    // Extends the lease.
    current = await commit(current, emptyBatch(), ports);
  }
  const live = [...asked].filter((id) => ledger.manifest.get(id)?.missing === true);
  return endPublished(await tombstone(current, live, ports), COMPLETED, null, ports);
}

/** Ends the run with its manifest written and what it changed published, one beside the other, or pauses it
 *  when the host's time is over before.
 *  @param marks null leaves the manifest as it is */
async function endPublished(
  control: ActiveControl,
  ending: Ending,
  marks: Marks | null,
  ports: RunPorts,
): Promise<ControlRecord> {
  const compacting = marks === null ? undefined : compactManifest(control, marks, ports);
  compacting?.catch(() => {}); // awaited below, unless publishing fails before: nobody reads it then
  // Readers would see what an earlier run left half done: the next whole one shows both.
  const isUnseen = control.run.isUnseen === true;
  const { control: current, isDone } = isUnseen
    ? { control, isDone: true }
    : await renewPublished(control, ports);
  const manifestVersion = (await compacting) ?? control.manifestVersion;
  if (!isDone) return endForNow(current, ports);
  return endRun(current, { ...ending, isUnseen, manifestVersion }, ports);
}

function tombstone(
  control: ActiveControl,
  ids: readonly RecordId[],
  ports: RunPorts,
): Promise<ActiveControl> {
  const writes = ids.map((id) => ({ kind: 'tombstone', id }) as const);
  return commitWrites(control, writes, ports);
}

/** Records in error that upstream no longer lists: the next scan that misses one asks for it. */
function clearStaleRejects(control: ActiveControl, ports: RunPorts): Promise<ActiveControl> {
  const stale = [...ports.ledger.rejects].filter((key) => !ports.ledger.seen.has(key));
  const writes = stale.map((key) => ({ kind: 'clear_reject', key }) as const);
  return commitWrites(control, writes, ports, { hasJudged: true });
}

async function doomed(deletions: Deletions, ports: RunPorts): Promise<readonly RecordId[]> {
  if (deletions.kind !== 'allowed') return [];
  return [...deletions.again, ...(await goneOf(deletions.once, ports))];
}

/** A record in error whose page was lost was not read again. */
function endingOfRejects({ pagesFailed }: RunState): Ending {
  if (pagesFailed === 0) return COMPLETED;
  return incomplete({ code: 'pages_lost', values: { count: pagesFailed } });
}

const provesAbsence = (deletions: Deletions): boolean =>
  deletions.kind === 'allowed' && deletions.isProof;

function incomplete(why: Remark): Ending {
  const error = { code: 'pages_lost', message: remarkText(why) } as const;
  return { outcome: 'incomplete', remark: why, error };
}

function endingOf(deletions: Deletions): Ending {
  if (deletions.kind === 'allowed') return COMPLETED;
  const { why } = deletions;
  if (deletions.kind === 'untrusted') {
    return deletions.isFailure ? incomplete(why) : { ...COMPLETED, remark: why };
  }
  const error = { code: 'held', message: remarkText(why) } as const;
  return { outcome: 'held', remark: why, error, held: { ids: deletions.missing, why } };
}

const isMostlyRejected = ({ stats }: RunState): boolean =>
  stats.errors > Math.max(5, stats.total * MOST_REJECTED);

function mostlyRejected({ stats }: RunState): Ending {
  const { errors, total } = stats;
  const remark: Remark = { code: 'mostly_rejected', values: { errors, total } };
  const message = remarkText(remark);
  return { outcome: 'failed', remark, error: { code: 'mostly_rejected', message } };
}
