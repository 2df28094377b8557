import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import * as z from 'zod';

const ROOT = join(import.meta.dirname, '../..');
const documentShape = z.object({
  openapi: z.literal('3.1.0'),
  paths: z.record(
    z.string(),
    z.record(
      z.string(),
      z.looseObject({
        security: z.array(z.record(z.string(), z.array(z.string()))).optional(),
        parameters: z.array(z.object({ name: z.string() })).default([]),
        responses: z.record(
          z.string(),
          z.object({
            headers: z.record(z.string(), z.unknown()).optional(),
            content: z.record(z.string(), z.object({ schema: z.unknown().optional() })).optional(),
          }),
        ),
      }),
    ),
  ),
  components: z.object({ schemas: z.record(z.string(), z.unknown()) }),
});
/** The document as it is kept. */
export const text = readFileSync(join(ROOT, 'openapi.json'), 'utf8');
export const document = documentShape.parse(JSON.parse(text));

const ajv = new Ajv2020({ strict: false, allErrors: true });
addFormats.default(ajv);
ajv.addSchema(JSON.parse(text), 'document');

/** The faults of an answer against the document; the answer's type has to be one of those named. */
export function faultsOf(
  [method, path]: readonly [method: string, path: string],
  status: number,
  type: string,
  body: unknown,
): unknown {
  const response = document.paths[path]?.[method]?.responses[status];
  if (response === undefined) return `${method} ${path} has no answer ${status}`;
  const content = response.content ?? {};
  if (status === 304) return null;
  if (!(type in content)) return `${path} ${status} answers ${type}`;
  if (content[type]?.schema === undefined) return null;
  const pointer = ['paths', path, method, 'responses', String(status), 'content', type, 'schema'];
  const ref = `document#/${pointer.map((part) => encodeURIComponent(part.replaceAll('~', '~0').replaceAll('/', '~1'))).join('/')}`;
  const validate = ajv.compile({ $ref: ref });
  return validate(body) ? null : validate.errors?.slice(0, 5);
}
