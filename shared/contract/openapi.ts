import * as z from 'zod';
import { isJsonObject, type Json, type JsonObject } from '../core/json.ts';
import { functionDeclarations, type RouteDeclaration } from '../deployment.ts';
import { namedAnswers, orderAnswer } from './answers.ts';
import { contractOf, HEADER_WORDS, PARAMETER_WORDS, type OperationContract } from './operations.ts';

/**
 * The OpenAPI 3.1 document of every route that is declared: paths and parameters from
 * `shared/deployment.ts`, queries from the schemas that check them, answers from `answers.ts`.
 * @throws Error naming a route that nobody described
 */
export function openApiDocument(version: string): JsonObject {
  const paths: Record<string, JsonObject> = {};
  for (const { resource = '', routes } of functionDeclarations) {
    for (const route of routes) {
      const path = route.path === '/' ? '/' : `${route.path}/`;
      const method = route.method.toLowerCase();
      paths[path] = { ...paths[path], [method]: operationOf(route, resource) };
    }
  }
  return {
    openapi: '3.1.0',
    info: {
      title: 'b2b-catalog-sync',
      version,
      description:
        'The shop’s copy of its supplier’s catalogue. Every path answers with and without the trailing slash.',
      license: { name: 'MIT', identifier: 'MIT' },
    },
    paths,
    components: {
      schemas: components(),
      securitySchemes: {
        bearer: {
          type: 'http',
          scheme: 'bearer',
          description:
            'An access token (npm run sync -- token create) or a JWT of the shop’s issuer; of reads only where a deployment sets publicReads to false',
        },
        signature: {
          type: 'apiKey',
          in: 'header',
          name: 'Authorization',
          description:
            'AWS Signature Version 4; only where a deployment sets publicReads to false, and closedReads to iam',
        },
      },
    },
  };
}

function operationOf(route: RouteDeclaration, resource: string): JsonObject {
  const contract = contractOf(route, resource);
  const names = [...route.path.matchAll(/\{(\w+)\}/g)].map(([, name = '']) => name);
  const inPath = names.map((name) => ({
    name,
    in: 'path',
    required: true,
    schema: { type: 'string' },
  }));
  if (contract === null) {
    const { method, path, operation } = route;
    throw new Error(`${method} ${path}: describe ${operation} in shared/contract/operations.ts`);
  }
  return {
    summary: contract.summary,
    ...securityOf(route),
    parameters: [...inPath, ...queryParameters(contract), ...headerParameters(contract)],
    ...bodyOf(contract),
    responses: responsesOf(contract),
  };
}

/** Who may ask: nobody need be known for a public route, and a session is a browser's own affair. */
function securityOf({ access }: Pick<RouteDeclaration, 'access'>): JsonObject {
  if (access === 'read') return { security: [{}, { bearer: [] }, { signature: [] }] };
  return access === 'staff' || access === 'admin' ? { security: [{ bearer: [] }] } : {};
}

function queryParameters({ query }: OperationContract): JsonObject[] {
  if (query === undefined) return [];
  const given = plain(z.toJSONSchema(query, { ...SETTINGS, io: 'input' }))['properties'];
  if (!isJsonObject(given)) return [];
  return Object.entries(given).flatMap(([name, schema]) => {
    // What is refused whatever it says is no parameter.
    if (!isJsonObject(schema) || 'not' in schema) return [];
    return [{ name, in: 'query', description: PARAMETER_WORDS[name] ?? name, schema }];
  });
}

const headerParameters = ({ headers = {} }: OperationContract): JsonObject[] =>
  Object.entries(headers).map(([name, description]) => ({
    name,
    in: 'header',
    description,
    schema: { type: 'string', minLength: 1, ...(name === 'Idempotency-Key' && { maxLength: 255 }) },
  }));

function bodyOf({ body }: OperationContract): JsonObject {
  if (body === undefined) return {};
  const schema = plain(z.toJSONSchema(body, { ...SETTINGS, io: 'input' }));
  const required = 'required' in schema;
  return { requestBody: { required, content: { 'application/json': { schema } } } };
}

const DESCRIPTIONS: Readonly<Record<number, string>> = {
  202: 'It is started, or goes on',
  303: 'Where to go on',
  304: 'Your copy (If-None-Match) is still right',
  400: 'A parameter is not valid; detail says which',
  401: 'Who asks has to be known; reads, only where they are closed',
  403: 'Who asks may not do this; reads, only where they are closed',
  404: 'There is none with this id',
  409: 'Not now; message says why',
  422: 'This Idempotency-Key came with another request before',
  429: 'Forced too often; ask again after Retry-After',
  500: 'A fault of ours, which is logged: ask again, or tell the shop’s staff',
  503: 'The store can’t be read now; ask again after Retry-After',
};

function responsesOf(contract: OperationContract): JsonObject {
  const { answer, alike = [], others } = contract;
  const content = contentOf(answer);
  const own = [...(answer === null ? [] : [200]), ...alike].map((status): [string, Json] => [
    String(status),
    { description: DESCRIPTIONS[status] ?? 'OK', ...headersOf(status, contract), content },
  ]);
  const rest = [...others, 500].map((status): [string, Json] => [
    String(status),
    otherOf(status, contract),
  ]);
  return { ...Object.fromEntries(own), ...Object.fromEntries(rest) };
}

/** What staff ask for is answered alike where there is no 200. */
function contentOf(answer: OperationContract['answer']): JsonObject {
  if (answer === null) return { 'application/json': { schema: schemaOf(orderAnswer) } };
  return { [answer.type]: 'schema' in answer ? { schema: schemaOf(answer.schema) } : {} };
}

function otherOf(status: number, contract: OperationContract): JsonObject {
  const description = DESCRIPTIONS[status] ?? 'A problem';
  const told = headersOf(status, contract);
  if (status < 400) return { description, ...told };
  const problem =
    contract.answer?.type === 'text/html'
      ? { description, content: { 'text/html': {} } }
      : problemResponse(description);
  return { ...problem, ...told };
}

/** What is told beside the body; when to ask again, wherever it is for later. */
function headersOf(status: number, { told = [] }: OperationContract): JsonObject {
  const isLater = status === 429 || status === 503;
  const names = isLater ? (['Retry-After'] as const) : [200, 304].includes(status) ? told : [];
  if (names.length === 0) return {};
  const headers = names.map((name): [string, JsonObject] => {
    return [name, { description: HEADER_WORDS[name], schema: { type: 'string' } }];
  });
  return { headers: Object.fromEntries(headers) };
}

const problemResponse = (description = 'A problem'): JsonObject => ({
  description,
  content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } },
});

const json: z.ZodType<JsonObject> = z.record(z.string(), z.json());
const refTo = (name: string): string => `#/components/schemas/${name}`;

/** A schema by its name where it has one, in full where it has none. */
function schemaOf(schema: z.ZodType): JsonObject {
  const name = namedAnswers.get(schema)?.id;
  return name === undefined ? plain(z.toJSONSchema(schema, SETTINGS)) : { $ref: refTo(name) };
}

const SETTINGS = {
  unrepresentable: 'any',
  // A format says it already, and no client counts past 2^53.
  override: ({ jsonSchema }: { jsonSchema: z.core.JSONSchema.BaseSchema }) => {
    if (jsonSchema.format !== undefined) delete jsonSchema.pattern;
    if (jsonSchema.maximum === Number.MAX_SAFE_INTEGER) delete jsonSchema.maximum;
    if (jsonSchema.minimum === Number.MIN_SAFE_INTEGER) delete jsonSchema.minimum;
  },
} as const;

function plain(made: object): JsonObject {
  const {
    $schema: _dialect,
    $id: _address,
    ...rest
  } = json.parse(JSON.parse(JSON.stringify(made)));
  return rest;
}

function components(): JsonObject {
  const { schemas } = z.toJSONSchema(namedAnswers, { ...SETTINGS, uri: refTo });
  const named = Object.entries(schemas).map(([name, schema]): [string, Json] => [
    name,
    plain(schema),
  ]);
  return Object.fromEntries(named);
}
