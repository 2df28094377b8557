import { DynamoDBClient, GetItemCommand } from '@aws-sdk/client-dynamodb';
import createMiddy from '@middy/core';
import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import * as z from 'zod';
import { createHandler } from '../../../functions/products-synced/index.ts';
import { autoSync } from '../../../functions/middlewares/auto-sync.ts';
import type { ReadServices } from '../../../functions/services.ts';
import { createDynamoDBReader } from '../../../shared/adapters/dynamodb/reader.ts';
import { withPointerCache } from '../../../shared/adapters/pointer-cache.ts';
import { createSystemClock } from '../../../shared/adapters/system-clock.ts';
import type { Clock } from '../../../shared/core/ports.ts';
import { gatewayRequest, lambdaContext } from '../../support/gateway-event.ts';
import { place, serveTasks } from './tasks.ts';
import { silent } from '../../support/forced-sync.ts';

/** The products' handler with real events, bundled as it is deployed, in one warm process. */
const { endpoint, tableName } = place.parse(JSON.parse(process.argv[2] ?? '{}'));
const credentials = { accessKeyId: 'local', secretAccessKey: 'local' };
const client = new DynamoDBClient({ endpoint, region: 'local', credentials });
const LIST = '/api/inventory/products/synced/';
/** Longer than anything is remembered. */
const LATER_MS = 60_000;

/** As after a start, but for the client: nothing is in memory. */
function services(clock: Clock = createSystemClock()): ReadServices {
  const live = createDynamoDBReader(client, tableName);
  const reader = withPointerCache(live, { clock, checkMs: 10_000 });
  return {
    reader,
    live,
    gate: reader,
    starter: { start: () => Promise.reject(new Error('nothing is due')) },
    clock,
    log: silent,
    sources: ['main'],
    intervalMsOf: ({ intervalMs }) => intervalMs,
    publicReads: true,
    imageHosts: [],
  };
}

/** A clock on which whatever was remembered before the last step is forgotten. */
function steppedClock(): { readonly clock: Clock; readonly step: () => void } {
  const clock = createSystemClock();
  let aheadMs = 0;
  return {
    clock: { ...clock, monotonicMs: () => clock.monotonicMs() + aheadMs },
    step: () => (aheadMs += LATER_MS),
  };
}

const reply = z.object({
  statusCode: z.number(),
  body: z.string(),
  headers: z.record(z.string(), z.string()),
});

type Handler = (event: unknown, context: ReturnType<typeof lambdaContext>) => Promise<unknown>;

async function answered(
  handler: Handler,
  event: APIGatewayProxyEventV2,
  expected = 200,
): Promise<Omit<z.output<typeof reply>, 'statusCode'>> {
  const answer = await handler(event, lambdaContext());
  const { statusCode, body, headers } = reply.parse(answer);
  if (statusCode !== expected) throw new Error(`answered ${statusCode}`);
  return { body, headers };
}

const eventOf = (address: string, headers: Record<string, string> = {}): APIGatewayProxyEventV2 =>
  gatewayRequest(address, headers).event;
const warm = createHandler(() => warmServices);
const warmServices = services();
const listEvent = eventOf(LIST);

const stepped = steppedClock();
const steppedServices = services(stepped.clock);
const steppedHandler = createHandler(() => steppedServices);
const guarded = createMiddy()
  .use(autoSync({ resources: ['products'], services: () => steppedServices }))
  .handler(async () => ({ statusCode: 200 }));

let tagged: APIGatewayProxyEventV2 | null = null;
let walks = 0;
let next: string | null = null;
/** Pages of another size each time: none of them is in memory as text. */
const nextWalk = (): string => `${LIST}?page_size=${80 + ((walks += 1) % 40)}`;

serveTasks({
  bare: () =>
    client.send(
      new GetItemCommand({
        TableName: tableName,
        Key: { pk: { S: 'control#main#products' }, sk: { S: 'control' } },
      }),
    ),
  /** Of a version that is not in memory. */
  first: async () => {
    const fresh = services();
    return answered(
      createHandler(() => fresh),
      listEvent,
    );
  },
  list: () => answered(warm, listEvent),
  /** With the pointer looked at again. */
  notModified: async () => {
    if (tagged === null) {
      const { headers } = await answered(steppedHandler, listEvent);
      tagged = eventOf(LIST, { 'if-none-match': headers['etag'] ?? '' });
    }
    stepped.step();
    return answered(steppedHandler, tagged, 304);
  },
  autoSync: () => {
    stepped.step();
    return guarded({}, lambdaContext());
  },
  /** A page of some 100, then the one that follows it, to the end of the list and again. */
  page: async () => {
    const { body } = await answered(warm, eventOf(next ?? nextWalk()));
    next = /"next":"([^"]+)"/.exec(body.slice(0, 2000))?.[1] ?? null;
  },
});
