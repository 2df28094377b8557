import type { RunSummary } from '../../shared/core/control.ts';
import { figures } from '../../shared/core/messages.ts';
import type { Resource } from '../../shared/core/resource.ts';
import { SOURCE } from '../../shared/deployment.ts';
import { EXIT, type ExitCode } from '../exit-codes.ts';
import type { Target } from '../target.ts';
import { print, printJson, timeOf, type Terminal } from '../terminal.ts';

/** Lists finished runs, newest first. */
export async function runs(
  resources: readonly Resource[],
  target: Target,
  terminal: Terminal,
  { json, limit }: { readonly json: boolean; readonly limit: number },
): Promise<ExitCode> {
  const listed = await Promise.all(
    resources.map(async ({ name }): Promise<[string, readonly RunSummary[]]> => [
      name,
      await target.reader.runs({ source: SOURCE, resource: name }, limit),
    ]),
  );
  if (json) printJson(terminal, Object.fromEntries(listed));
  else
    for (const [name, ended] of listed) print(terminal, [`${name}:`, ...linesOf(ended)].join('\n'));
  return EXIT.done;
}

function linesOf(ended: readonly RunSummary[]): string[] {
  return ended.length === 0 ? ['  no finished run yet'] : ended.flatMap(linesOfRun);
}

function linesOfRun(run: RunSummary): string[] {
  const seconds = ((run.finishedAtMs - run.startedAtMs) / 1000).toFixed(1);
  const line = `  ${run.runId}  ${timeOf(run.startedAtMs)}  ${run.trigger}, ${seconds} s, ${run.outcome}; ${figures(run.stats)}`;
  return run.note === null ? [line] : [line, `    ${run.note}`];
}
