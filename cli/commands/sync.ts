import { createProgress } from '../../local/progress.ts';
import { eachOf, syncHere, type SourceResource } from '../../local/local-sync.ts';
import { progressObserver } from '../../local/run-host.ts';
import type { Resource } from '../../shared/core/resource.ts';
import type { CatalogRef } from '../../shared/core/control.ts';
import { dryRun, type DryRunResult } from '../../shared/core/dry-run.ts';
import { runSync, type SyncResult } from '../../shared/core/run-sync.ts';
import { catalogName } from '../../shared/core/source-names.ts';
import type { SyncRequest } from '../../shared/core/sync-request.ts';
import { EXIT, type ExitCode } from '../exit-codes.ts';
import { invokeWorker } from '../invoke-worker.ts';
import { plannedLines } from '../planned-lines.ts';
import { chosenSources } from '../sources.ts';
import { openLocalTarget, type TargetName } from '../target.ts';
import { print, printJson, type Terminal } from '../terminal.ts';

export interface SyncFlags {
  /** Respects the interval; without it, the sync starts now. */
  readonly auto: boolean;
  readonly force: boolean;
  /** Tells what would change, and writes nothing. */
  readonly dryRun: boolean;
  readonly target: TargetName;
  readonly json: boolean;
  readonly verbose: boolean;
  readonly source?: string;
}

/** Syncs these resources of the chosen sources and answers what became of each. */
export async function sync(
  resources: readonly Resource[],
  flags: SyncFlags,
  terminal: Terminal,
): Promise<ExitCode> {
  const force = flags.force || !flags.auto;
  const catalogs = eachOf(chosenSources(flags.source, terminal.environment), resources);
  const results =
    flags.target === 'aws'
      ? await invokeWorker(catalogs, { force, dry_run: flags.dryRun }, terminal)
      : await syncLocally(catalogs, force, flags, terminal);
  if (flags.json) printJson(terminal, Object.fromEntries(results));
  else for (const result of results.values()) tell(result, terminal);
  return exitCodeOf([...results.values()]);
}

function tell(result: SyncResult | DryRunResult, terminal: Terminal): void {
  print(terminal, result.message);
  if ('planned' in result) for (const line of plannedLines(result)) print(terminal, line);
}

async function syncLocally(
  catalogs: readonly SourceResource[],
  force: boolean,
  flags: SyncFlags,
  terminal: Terminal,
): Promise<ReadonlyMap<string, SyncResult | DryRunResult>> {
  const target = await openLocalTarget(terminal, flags);
  const progress = createProgress(terminal.stderr, target.clock);
  try {
    const { store, reader, clock, log } = target;
    const suppliers = await target.suppliers();
    const request: SyncRequest = { trigger: 'cli', force, resumeOnly: false, scope: 'full' };
    const parts = { store, reader, suppliers, clock, log };
    const observe = (ref: CatalogRef) =>
      progressObserver(catalogName(ref), () => clock.monotonicMs(), progress.update);
    return await syncHere(catalogs, request, parts, observe, flags.dryRun ? dryRun : runSync);
  } finally {
    progress.stop();
    await target.close();
  }
}

/** The worst of all: a failure before nothing due, nothing due only when nothing was done. */
export function exitCodeOf(results: readonly SyncResult[]): ExitCode {
  if (results.some(({ success }) => !success)) return EXIT.failed;
  return results.some(({ decision }) => decision === 'started') ? EXIT.done : EXIT.nothingDue;
}
