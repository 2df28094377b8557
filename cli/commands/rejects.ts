import { asOneLine } from '../../shared/adapters/redaction.ts';
import type { CatalogRef } from '../../shared/core/control.ts';
import type { JsonObject } from '../../shared/core/json.ts';
import type { Reject } from '../../shared/core/ports.ts';
import type { Resource } from '../../shared/core/resource.ts';
import type { SyncResult } from '../../shared/core/run-sync.ts';
import { eachOf, syncHere, type SourceResource } from '../../local/local-sync.ts';
import type { CommonFlags } from '../arguments.ts';
import type { ExitCode } from '../exit-codes.ts';
import { invokeWorker } from '../invoke-worker.ts';
import { rejectJson } from '../../shared/reads/listed-rows.ts';
import { printEach } from '../listing.ts';
import { chosenSources } from '../sources.ts';
import { openLocalTarget, type Target } from '../target.ts';
import { counted, print, printJson, timeOf, type Terminal } from '../terminal.ts';
import { exitCodeOf } from './sync.ts';

/** Lists the records in error: which, since when, why. */
export function rejects(
  resources: readonly Resource[],
  { reader, sources }: Target,
  terminal: Terminal,
  flags: { readonly json: boolean; readonly limit: number },
): Promise<ExitCode> {
  const read = (ref: CatalogRef) => reader.rejects(ref, flags.limit);
  return printEach(resources, sources, terminal, flags, read, { linesOf, jsonOf });
}

/** Who reads the table may read all of it. */
const jsonOf = (reject: Reject): JsonObject => rejectJson(reject, { isAdmin: true });

function linesOf(bad: readonly Reject[]): string[] {
  if (bad.length === 0) return ['  no record in error'];
  return bad.map(
    ({ key, reason, firstSeenAt, attempts }) =>
      `  ${asOneLine(key)}  ${asOneLine(reason)} (since ${timeOf(Date.parse(firstSeenAt))}, ${counted(attempts, 'attempt')})`,
  );
}

/** Has the list and the details of the records in error read again, and nothing else: here, or by the
 *  deployed worker, which knows its supplier. */
export async function retryRejects(
  resources: readonly Resource[],
  flags: CommonFlags,
  terminal: Terminal,
): Promise<ExitCode> {
  const catalogs = eachOf(chosenSources(flags.source, terminal.environment), resources);
  const results =
    flags.target === 'aws'
      ? await invokeWorker(catalogs, { action: 'retry_rejects' }, terminal)
      : await retryLocally(catalogs, flags, terminal);
  if (flags.json) printJson(terminal, Object.fromEntries(results));
  else for (const { message } of results.values()) print(terminal, message);
  return exitCodeOf([...results.values()]);
}

async function retryLocally(
  catalogs: readonly SourceResource[],
  flags: CommonFlags,
  terminal: Terminal,
): Promise<ReadonlyMap<string, SyncResult>> {
  const target = await openLocalTarget(terminal, flags);
  try {
    const { store, reader, clock, log } = target;
    const suppliers = await target.suppliers();
    const request = { trigger: 'cli', force: true, resumeOnly: false, scope: 'rejects' } as const;
    const parts = { store, reader, suppliers, clock, log };
    return await syncHere(catalogs, request, parts, () => () => {});
  } finally {
    await target.close();
  }
}
