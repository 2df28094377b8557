import { approvedBy, discardHeld, heldFault, type HeldAnswer } from '../../shared/core/held.ts';
import { runSync } from '../../shared/core/run-sync.ts';
import { noSource } from '../../shared/core/no-source.ts';
import { digest } from '../../shared/adapters/digest.ts';
import { catalogWords } from '../../shared/core/source-names.ts';
import { resources } from '../../shared/resources/index.ts';
import { eachOf, refOf, type SourceResource } from '../../local/local-sync.ts';
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
  const catalog = await catalogHeldBy(runId, target);
  const answer =
    catalog === null
      ? {
          success: false,
          message: `No deletions are held by run ${runId}. See: npm run sync -- status`,
        }
      : await decide(action, runId, catalog, target);
  if (json) printJson(terminal, answer);
  else print(terminal, answer.message);
  return answer.success ? EXIT.done : EXIT.failed;
}

async function catalogHeldBy(
  runId: string,
  { store, sources }: Target,
): Promise<SourceResource | null> {
  for (const catalog of eachOf(sources, resources)) {
    const control = await store.control(refOf(catalog));
    if (heldFault(control, runId) === null) return catalog;
  }
  return null;
}

async function decide(
  action: 'approve' | 'discard',
  runId: string,
  catalog: SourceResource,
  { store, clock, log }: Target,
): Promise<HeldAnswer> {
  const { resource } = catalog;
  const ref = refOf(catalog);
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
  return { success: true, message: `Removed ${stats?.removed ?? 0} ${catalogWords(ref)}.` };
}
