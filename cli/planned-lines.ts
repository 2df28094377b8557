import type { DryRunResult } from '../shared/core/dry-run.ts';
import type { Json } from '../shared/core/json.ts';

/** What a dry run would change, one line each; a field's change on a line of its own. */
export function plannedLines({ planned, stats }: DryRunResult): readonly string[] {
  const { created, updated, removed, held, in_error: inError } = planned;
  const told = created.length + updated.length + removed.length + inError.length;
  const all = stats === null ? 0 : stats.created + stats.updated + stats.removed + stats.errors;
  return [
    ...created.map(({ id, title }) => `  create  ${id}  ${title}`),
    ...updated.flatMap(updateLines),
    ...removed.map(({ id, title }) => `  remove  ${id}  ${title}`),
    ...held.map((id) => `  hold    ${id}  would wait for a person before it is removed`),
    ...inError.map(({ id, reason }) => `  error   ${id}  ${reason}`),
    ...(all > told ? [`  and ${all - told} more`] : []),
  ];
}

type Update = DryRunResult['planned']['updated'][number];

function updateLines({ id, title, changes }: Update): readonly string[] {
  const fields = Object.entries(changes).map(
    ([field, { from, to }]) => `            ${field}: ${shown(from)} → ${shown(to)}`,
  );
  return [`  update  ${id}  ${title}`].concat(fields);
}

const shown = (value: Json): string => JSON.stringify(value);
