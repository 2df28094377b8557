import { lastWholeOf, stateOf, statusOf } from '../../shared/reads/status.ts';
import { figures, FAILURE_MESSAGES } from '../../shared/core/messages.ts';
import type { ControlRecord } from '../../shared/core/control.ts';
import { catalogName } from '../../shared/core/source-names.ts';
import { eachOf, refOf } from '../../local/local-sync.ts';
import { resources } from '../../shared/resources/index.ts';
import { EXIT, type ExitCode } from '../exit-codes.ts';
import type { Target } from '../target.ts';
import { counted, print, printJson, timeOf, type Terminal } from '../terminal.ts';

const RUNS_READ = 10;

/** Says of each resource of each source how fresh and how whole it is, and what is wrong. */
export async function status(
  target: Target,
  terminal: Terminal,
  { json }: { readonly json: boolean },
): Promise<ExitCode> {
  const nowMs = target.clock.nowMs();
  const shown: Record<string, unknown> = {};
  for (const catalog of eachOf(target.sources, resources)) {
    const ref = refOf(catalog);
    const name = catalogName(ref);
    const intervalMs = target.intervalMsOf(catalog.resource, catalog.source);
    const control = await target.reader.control(ref);
    const runs = await target.reader.runs(ref, RUNS_READ);
    const recent = await target.reader.recent(ref);
    const parts = { nowMs, intervalMs, runs, recent, isStaff: true };
    shown[name] = statusOf(control, parts);
    if (!json)
      print(terminal, lines(name, stateOf(control, nowMs), control, lastWholeOf(runs)).join('\n'));
  }
  if (json) printJson(terminal, shown);
  return EXIT.done;
}

function lines(
  name: string,
  state: string,
  control: ControlRecord,
  lastRun: Parameters<typeof figuresOf>[0],
): string[] {
  const { lastSuccessAtMs, nextDueAtMs, liveCount, rejectCount, lastError, held, run } = control;
  return [
    `${name}: ${state.replace('_', ' ')}`,
    `  stored        ${liveCount}, in error ${rejectCount}`,
    `  last success  ${timeOf(lastSuccessAtMs)}`,
    `  next sync     ${nextDueAtMs === 0 ? 'at once' : `from ${timeOf(nextDueAtMs)}`}`,
    ...figuresOf(lastRun),
    ...(run === null
      ? []
      : [`  unfinished    ${run.stats.total} of ${run.expected ?? '?'} records`]),
    ...(held === null
      ? []
      : [
          `  held          ${counted(held.count, 'deletion')}: npm run sync -- held approve|discard ${held.runId}`,
        ]),
    ...(lastError === null
      ? []
      : [
          `  trouble       ${FAILURE_MESSAGES[lastError.code]}`,
          `                (${lastError.message})`,
        ]),
  ];
}

function figuresOf(
  run: { readonly outcome: string; readonly stats: Parameters<typeof figures>[0] } | undefined,
): string[] {
  return run === undefined ? [] : [`  last run      ${run.outcome}; ${figures(run.stats)}`];
}
