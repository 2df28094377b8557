import { dryRun, type DryRunPorts } from '../../shared/core/dry-run.ts';
import { approvedBy, discardHeld, heldFault } from '../../shared/core/held.ts';
import type { Remark } from '../../shared/core/remarks.ts';
import { runSync, type SyncResult } from '../../shared/core/run-sync.ts';
import type { RunHost, SyncRequest, SyncSettings } from '../../shared/core/sync-request.ts';
import type { WorkerEvent } from './event.ts';

/** What carrying out an event takes, of one resource. */
export interface ActionParts {
  readonly ports: DryRunPorts;
  readonly host: RunHost;
  readonly settings: SyncSettings;
}

/** Does what an event asks of one resource. @throws StoreUnavailableError */
export async function carryOut(event: WorkerEvent, parts: ActionParts): Promise<SyncResult> {
  const { force, resume_only: resumeOnly, held_run_id: heldRunId = '' } = event;
  switch (event.action) {
    case 'sync':
      return run(event, { force, resumeOnly, scope: 'full', remark: askedBy(event) }, parts);
    case 'retry_rejects':
      return run(
        event,
        { force: true, resumeOnly: false, scope: 'rejects', remark: askedBy(event) },
        parts,
      );
    case 'approve_held':
      return approve(event, heldRunId, parts);
    case 'discard_held': {
      const { ref, ...ports } = parts.ports;
      const by = event.by ?? event.trigger;
      const { success, message } = await discardHeld(ref, heldRunId, ports, by);
      const decision = success ? 'started' : 'held';
      return { success, decision, message, run_id: null, stats: null };
    }
  }
}

/** Only what that very run held back: a person decided on what they saw. */
async function approve(
  event: WorkerEvent,
  heldRunId: string,
  parts: ActionParts,
): Promise<SyncResult> {
  const { ref, store } = parts.ports;
  const fault = heldFault(await store.control(ref), heldRunId);
  if (fault !== null) {
    return { success: false, decision: 'held', message: fault, run_id: null, stats: null };
  }
  const remark = approvedBy(event.by ?? event.trigger, heldRunId);
  return run(event, { force: true, resumeOnly: false, scope: 'removal', heldRunId, remark }, parts);
}

function run(
  { trigger, run_id: runId, dry_run: isDry }: WorkerEvent,
  asked: Omit<SyncRequest, 'trigger' | 'runId'>,
  { ports, host, settings }: ActionParts,
): Promise<SyncResult> {
  const carry = isDry ? dryRun : runSync;
  return carry({ trigger, ...asked, runId }, ports, host, settings);
}

const askedBy = ({ by }: WorkerEvent): Remark | undefined =>
  by === undefined ? undefined : { code: 'asked_by', values: { by } };
