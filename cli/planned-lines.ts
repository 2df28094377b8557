import type { DryRunResult } from '../shared/core/dry-run.ts';
import type { Json } from '../shared/core/json.ts';
import { asOneLine } from '../shared/adapters/redaction.ts';

/** What a dry run would change, one line each; a field's change on a line of its own. */
export function plannedLines({ planned, stats }: DryRunResult): readonly string[] {
  const { created, updated, removed, held, in_error: inError } = planned;
  const told = created.length + updated.length + removed.length + inError.length;
  const all = stats === null ? 0 : stats.created + stats.updated + stats.removed + stats.errors;
  return [
    ...created.map(({ id, title }) => `  create  ${named(id, title)}`),
    ...updated.flatMap(updateLines),
    ...removed.map(({ id, title }) => `  remove  ${named(id, title)}`),
    ...held.map((id) => `  hold    ${named(id, 'would wait for a person before it is removed')}`),
    ...inError.map(({ id, reason }) => `  error   ${named(id, reason)}`),
    ...(all > told ? [`  and ${all - told} more`] : []),
  ];
}

const named = (id: string, text: string): string => `${asOneLine(id)}  ${asOneLine(text)}`;

type Update = DryRunResult['planned']['updated'][number];

function updateLines({ id, title, changes }: Update): readonly string[] {
  const fields = Object.entries(changes).map(
    ([field, { from, to }]) => `            ${field}: ${shown(from)} → ${shown(to)}`,
  );
  return [`  update  ${named(id, title)}`].concat(fields);
}

const shown = (value: Json): string => asOneLine(JSON.stringify(value));
