import { readFileSync } from 'node:fs';
import { createServer, request as ask, type IncomingMessage, type ServerResponse } from 'node:http';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { expect, onTestFinished, test, vi } from 'vitest';
import * as z from 'zod';
import { createDynamoDBReader } from '../../shared/adapters/dynamodb/reader.ts';
import { createSystemClock } from '../../shared/adapters/system-clock.ts';
import { storeOver, TABLE_NAME, useDynamoDB } from '../support/dynamodb-under-test.ts';
import { commandsWith } from '../support/command-line.ts';
import { stubAwsService } from '../support/aws-service.ts';
import { listening } from '../support/listening.ts';
import { shop } from '../support/shop.ts';
import { products } from '../support/supplier-records.ts';

const { client, endpoint } = useDynamoDB();

const actions = z.union([z.string().transform((one) => [one]), z.array(z.string())]);
const policy = z.object({ Statement: z.array(z.object({ Sid: z.string(), Action: actions })) });
const transaction = z.object({ TransactItems: z.array(z.record(z.string(), z.unknown())) });

/** What docs/deploy.md allows of DynamoDB, by statement. */
function documented(): ReadonlyMap<string, readonly string[]> {
  const deploy = readFileSync(join(import.meta.dirname, '../../docs/deploy.md'), 'utf8');
  const [, section = ''] = deploy.split('## Who may use the command line\n');
  const { Statement } = policy.parse(
    JSON.parse(/```json\n([\s\S]*?)```/.exec(section)?.[1] ?? 'null'),
  );
  return new Map(Statement.map(({ Sid, Action }) => [Sid, Action]));
}

/** The permissions that a request to DynamoDB takes: of a transaction, those of its parts. */
function actionsOf(operation: string, body: string): string[] {
  if (operation !== 'TransactWriteItems') return [`dynamodb:${operation}`];
  const parts = transaction
    .parse(JSON.parse(body))
    .TransactItems.flatMap((one) => Object.keys(one));
  return parts.map((part) => `dynamodb:${part}Item`);
}

/** The engine as AWS, and what was asked of it. */
async function watchedEngine() {
  const asked = new Set<string>();
  const pass = async (incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> => {
    const body = await buffer(incoming);
    const operation = String(incoming.headers['x-amz-target']).split('.')[1] ?? '';
    for (const action of actionsOf(operation, body.toString())) asked.add(action);
    const { method, headers } = incoming;
    const forwarded = ask(new URL(endpoint()), { method, headers }, (answer) => {
      outgoing.writeHead(answer.statusCode ?? 500, answer.headers);
      answer.pipe(outgoing);
    });
    forwarded.end(body);
  };
  const server = createServer((incoming, outgoing) => void pass(incoming, outgoing));
  stubAwsService('DYNAMODB', `http://127.0.0.1:${await listening(server)}`);
  onTestFinished(() => {
    vi.unstubAllEnvs();
    server.close().closeAllConnections();
  });
  const commands = commandsWith({ TABLE_NAME });
  /** What these commands asked for. */
  const askedBy = async (...lines: string[]): Promise<string[]> => {
    asked.clear();
    for (const line of lines)
      expect(await commands(`${line} --target aws`)).toMatchObject({
        code: 0,
        stderr: expect.anything(),
      });
    return [...asked].toSorted();
  };
  return { commands, askedBy };
}

/** A shop on that engine, and runs of which so much vanished that its removal waits for a person. */
function shopThatHolds() {
  const store = { ...createDynamoDBReader(client('read'), TABLE_NAME), ...storeOver(client()) };
  const open = shop({ products: products(1, 40) }, { store });
  open.clock.advance(createSystemClock().nowMs() - open.clock.nowMs());
  const list = open.upstream['products'];
  return async (): Promise<string> => {
    for (const last of [40, 10]) {
      if (list !== undefined) list.rows = products(1, last);
      open.untilDue();
      await open.sync('products');
    }
    return (await store.control({ source: 'main', resource: 'products' })).held?.runId ?? 'none';
  };
}

test('each statement of the documented policy allows what its commands do', async () => {
  const allowed = documented();
  const { commands, askedBy } = await watchedEngine();
  const allowedBy = (sid: string): readonly string[] => allowed.get(sid) ?? [];
  const beyond = (asked: readonly string[], ...sids: string[]): string[] =>
    asked.filter((action) => !sids.flatMap(allowedBy).includes(action));

  const looked = await askedBy('status', 'runs', 'rejects', 'token list');
  expect(looked).toEqual(allowedBy('Look').toSorted());

  const made = await askedBy('token create --scope sync');
  const [token = ''] = (await commands('token list --target aws')).stdout.split(' ');
  const revoked = await askedBy(`token revoke ${token}`);
  expect(beyond([...made, ...revoked], 'Look', 'Tokens')).toEqual([]);
  expect(beyond(allowedBy('Tokens'), 'Look')).toEqual(['dynamodb:PutItem', 'dynamodb:DeleteItem']);

  const heldRun = shopThatHolds();
  const decided = [
    ...(await askedBy(`held discard ${await heldRun()}`)),
    ...(await askedBy(`held approve ${await heldRun()}`)),
  ];
  expect(beyond(decided, 'Look', 'Held')).toEqual([]);
  expect(allowedBy('Held').filter((action) => !decided.includes(action))).toEqual([]);
});
