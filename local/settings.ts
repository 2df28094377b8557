import * as z from 'zod';
import { ConfigurationError } from '../shared/core/errors.ts';
import { parseEnvironment } from '../shared/environment.ts';

const port = (usual: number) => z.coerce.number().int().min(1).max(65_535).default(usual);

const contract = z.object({
  PORT: port(3000),
  SUPPLIER_PORT: port(4010),
  DYNAMODB_PORT: port(8000),
  LOCAL_DIR: z.string().min(1).optional(),
  DYNAMODB_ENDPOINT: z.url({ protocol: /^https?$/ }).optional(),
});

/** Where the local run listens and keeps what it stores. */
export type LocalSettings = z.output<typeof contract> & { readonly LOCAL_DIR: string };

const HELP = {
  PORT: 'the port of the API, 1 to 65535, for example 3000',
  SUPPLIER_PORT: 'the port of the demo supplier, 1 to 65535, for example 4010',
  DYNAMODB_PORT: 'the port of the embedded DynamoDB, 1 to 65535, for example 8000',
  LOCAL_DIR: 'the folder that keeps the local copy, for example .local/copy',
  DYNAMODB_ENDPOINT: 'the address of a DynamoDB of your own, for example http://127.0.0.1:8000',
};

/** The settings of the local run.
 *  @throws ConfigurationError naming what is malformed, or which two ports are the same. */
export function parseLocalSettings(
  environment: Readonly<Record<string, string | undefined>>,
): LocalSettings {
  const settings = parseEnvironment(contract, environment, HELP);
  const { PORT, SUPPLIER_PORT, DYNAMODB_PORT } = settings;
  const byPort = Map.groupBy(
    Object.entries({ PORT, SUPPLIER_PORT, DYNAMODB_PORT }),
    ([, at]) => at,
  );
  for (const [shared, names] of byPort) {
    if (names.length < 2) continue;
    const list = names.map(([name]) => name).join(' and ');
    throw new ConfigurationError(`${list} are both ${shared}: give each a port of its own.`);
  }
  const { LOCAL_DIR = usualFolder(environment['B2B_API_URL']) } = settings;
  return { ...settings, LOCAL_DIR };
}

/** One for the demo, and one for each real supplier: the records of two would be mixed in one copy. */
function usualFolder(supplierUrl: string | undefined): string {
  if (!supplierUrl || !URL.canParse(supplierUrl)) return '.local';
  const { host, pathname } = new URL(supplierUrl);
  const name = `${host}${pathname}`.replaceAll(/[^\w.]+/g, '-').replace(/-$/, '');
  return `.local/${name}`;
}
