import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import * as z from 'zod';
import { CHANGE_EVENTS } from '../shared/core/change-event.ts';
import type { JsonObject } from '../shared/core/json.ts';
import { openApiDocument } from '../shared/contract/openapi.ts';

const project = join(import.meta.dirname, '..');
const packageJson = z.object({ version: z.string() });

/** The files that are generated from the schemas in the code, by their path in the project. */
export function contractFiles(): ReadonlyMap<string, JsonObject | object> {
  const text = readFileSync(join(project, 'package.json'), 'utf8');
  const { version } = packageJson.parse(JSON.parse(text));
  return new Map<string, object>([
    ['openapi.json', openApiDocument(version)],
    ['docs/change-events.schema.json', changeEventSchemas()],
  ]);
}

/** The `detail` of each kind of event. */
function changeEventSchemas(): object {
  const schemas = Object.entries(CHANGE_EVENTS).map(([type, schema]) => [
    type,
    z.toJSONSchema(schema),
  ]);
  return Object.fromEntries(schemas);
}

if (import.meta.main) {
  for (const [path, content] of contractFiles()) {
    writeFileSync(join(project, path), `${JSON.stringify(content, null, 2)}\n`);
  }
}
