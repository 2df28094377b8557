import { approvedBy, discardHeld, heldFault, type HeldAnswer } from '../../shared/core/held.ts';
import type { CatalogRef } from '../../shared/core/control.ts';
import { runSync } from '../../shared/core/run-sync.ts';
import type { Resource } from '../../shared/core/resource.ts';
import { noSource } from '../../shared/core/no-source.ts';
import { digest } from '../../shared/adapters/digest.ts';
import { SOURCE } from '../../shared/deployment.ts';
import { resources } from '../../shared/resources/index.ts';
import { localHost } from '../../local/run-host.ts';
import { EXIT, type ExitCode } from '../exit-codes.ts';
import type { Target } from '../target.ts';
import { print, printJson, type Terminal } from '../terminal.ts';

/** Carries out or drops the deletions that a run held back. */
export async function held(
  action: 'approve' | 'discard',
  runId: string,
  target: Target,
  terminal: Terminal,
  { json }: { readonly json: boolean },
): Promise<ExitCode> {
  const resource = await resourceHeldBy(runId, target);
  const answer =
    resource === null
      ? { success: false, message: `No deletions are held by run ${runId}. See: b2b-sync status` }
      : await decide(action, runId, resource, target);
  if (json) printJson(terminal, answer);
  else print(terminal, answer.message);
  return answer.success ? EXIT.done : EXIT.failed;
}

const refOf = ({ name }: Resource): CatalogRef => ({ source: SOURCE, resource: name });

async function resourceHeldBy(runId: string, { store }: Target): Promise<Resource | null> {
  for (const resource of resources) {
    const control = await store.control(refOf(resource));
    if (heldFault(control, runId) === null) return resource;
  }
  return null;
}

async function decide(
  action: 'approve' | 'discard',
  runId: string,
  resource: Resource,
  { store, clock, log }: Target,
): Promise<HeldAnswer> {
  const ref = refOf(resource);
  if (action === 'discard') return discardHeld(ref, runId, { store, clock, log });
  const ports = { ref, resource, store, clock, log, digest, source: noSource };
  const whole = { trigger: 'cli', force: true, resumeOnly: false, scope: 'removal' } as const;
  const request = { ...whole, heldRunId: runId, remark: approvedBy('the command line', runId) };
  const settings = { intervalMs: resource.intervalMs, configuration: 'removal' };
  const { success, decision, message, stats } = await runSync(
    request,
    ports,
    localHost(() => {}),
    settings,
  );
  if (!success || decision !== 'started') return { success: false, message };
  return { success: true, message: `Removed ${stats?.removed ?? 0} ${resource.name}.` };
}
