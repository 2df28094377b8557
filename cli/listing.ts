import type { CatalogRef } from '../shared/core/control.ts';
import type { JsonObject } from '../shared/core/json.ts';
import type { Resource } from '../shared/core/resource.ts';
import { catalogName } from '../shared/core/source-names.ts';
import { eachOf, refOf } from '../local/local-sync.ts';
import { EXIT, type ExitCode } from './exit-codes.ts';
import { print, printJson, type Terminal } from './terminal.ts';

/** How rows are shown to people, and one of them to programs. */
interface Shown<Row> {
  linesOf(rows: readonly Row[]): readonly string[];
  jsonOf(row: Row): JsonObject;
}

/** Reads something of each resource of each source, and prints it under its name, or as JSON by name. */
export async function printEach<Row>(
  resources: readonly Resource[],
  sources: readonly string[],
  terminal: Terminal,
  { json }: { readonly json: boolean },
  read: (ref: CatalogRef) => Promise<readonly Row[]>,
  { linesOf, jsonOf }: Shown<Row>,
): Promise<ExitCode> {
  const listed = await Promise.all(
    eachOf(sources, resources).map(async (catalog): Promise<[string, readonly Row[]]> => {
      const ref = refOf(catalog);
      return [catalogName(ref), await read(ref)];
    }),
  );
  if (json) {
    const rows = listed.map(([name, found]) => [name, found.map((row) => jsonOf(row))] as const);
    printJson(terminal, Object.fromEntries(rows));
  } else
    for (const [name, rows] of listed) print(terminal, [`${name}:`, ...linesOf(rows)].join('\n'));
  return EXIT.done;
}
