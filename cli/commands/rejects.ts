import type { CatalogRef } from '../../shared/core/control.ts';
import type { Reject } from '../../shared/core/ports.ts';
import type { Resource } from '../../shared/core/resource.ts';
import type { SyncRequest } from '../../shared/core/sync-request.ts';
import { eachOf, syncHere } from '../../local/local-sync.ts';
import type { ExitCode } from '../exit-codes.ts';
import { printEach } from '../listing.ts';
import type { Target } from '../target.ts';
import { print, printJson, type Terminal } from '../terminal.ts';
import { exitCodeOf } from './sync.ts';

/** Lists the records in error: which, since when, why. */
export function rejects(
  resources: readonly Resource[],
  { reader, sources }: Target,
  terminal: Terminal,
  flags: { readonly json: boolean; readonly limit: number },
): Promise<ExitCode> {
  const read = (ref: CatalogRef) => reader.rejects(ref, flags.limit);
  return printEach(resources, sources, terminal, flags, read, linesOf);
}

function linesOf(bad: readonly Reject[]): string[] {
  if (bad.length === 0) return ['  no record in error'];
  return bad.map(
    ({ key, reason, firstSeenAt, attempts }) =>
      `  ${key}  ${reason} (since ${firstSeenAt.slice(0, 16).replace('T', ' ')}, ${attempts} attempts)`,
  );
}

/** Reads the list and the details of the records in error again, and nothing else. */
export async function retryRejects(
  resources: readonly Resource[],
  target: Target,
  terminal: Terminal,
  { json }: { readonly json: boolean },
): Promise<ExitCode> {
  const { store, reader, clock, log } = target;
  const suppliers = await target.suppliers();
  const request: SyncRequest = { trigger: 'cli', force: true, resumeOnly: false, scope: 'rejects' };
  const parts = { store, reader, suppliers, clock, log };
  const catalogs = eachOf(target.sources, resources);
  const results = await syncHere(catalogs, request, parts, () => () => {});
  if (json) printJson(terminal, Object.fromEntries(results));
  else for (const { message } of results.values()) print(terminal, message);
  return exitCodeOf([...results.values()]);
}
