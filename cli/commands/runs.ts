import type { CatalogRef, RunSummary } from '../../shared/core/control.ts';
import { figures } from '../../shared/core/messages.ts';
import type { Resource } from '../../shared/core/resource.ts';
import type { ExitCode } from '../exit-codes.ts';
import { runJson } from '../../shared/reads/listed-rows.ts';
import { printEach } from '../listing.ts';
import type { Target } from '../target.ts';
import { timeOf, type Terminal } from '../terminal.ts';

/** Lists finished runs, newest first. */
export function runs(
  resources: readonly Resource[],
  { reader, sources }: Target,
  terminal: Terminal,
  flags: { readonly json: boolean; readonly limit: number },
): Promise<ExitCode> {
  const read = (ref: CatalogRef) => reader.runs(ref, flags.limit);
  return printEach(resources, sources, terminal, flags, read, { linesOf, jsonOf: runJson });
}

function linesOf(ended: readonly RunSummary[]): string[] {
  return ended.length === 0 ? ['  no finished run yet'] : ended.flatMap(linesOfRun);
}

function linesOfRun(run: RunSummary): string[] {
  const seconds = ((run.finishedAtMs - run.startedAtMs) / 1000).toFixed(1);
  const line = `  ${run.runId}  ${timeOf(run.startedAtMs)}  ${run.trigger}, ${seconds} s, ${run.outcome}; ${figures(run.stats)}`;
  return run.note === null ? [line] : [line, `    ${run.note}`];
}
