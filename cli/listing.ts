import type { CatalogRef } from '../shared/core/control.ts';
import type { Resource } from '../shared/core/resource.ts';
import { SOURCE } from '../shared/deployment.ts';
import { EXIT, type ExitCode } from './exit-codes.ts';
import { print, printJson, type Terminal } from './terminal.ts';

/** Reads something of each resource, and prints it under the resource's name, or as JSON by name. */
export async function printEach<Row>(
  resources: readonly Resource[],
  terminal: Terminal,
  { json }: { readonly json: boolean },
  read: (ref: CatalogRef) => Promise<readonly Row[]>,
  linesOf: (rows: readonly Row[]) => readonly string[],
): Promise<ExitCode> {
  const listed = await Promise.all(
    resources.map(async ({ name }): Promise<[string, readonly Row[]]> => [
      name,
      await read({ source: SOURCE, resource: name }),
    ]),
  );
  if (json) printJson(terminal, Object.fromEntries(listed));
  else
    for (const [name, rows] of listed) print(terminal, [`${name}:`, ...linesOf(rows)].join('\n'));
  return EXIT.done;
}
