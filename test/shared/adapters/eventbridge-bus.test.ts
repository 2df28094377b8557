import { createServer } from 'node:http';
import { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import { afterEach, expect, test } from 'vitest';
import * as z from 'zod';
import { createEventBridgeBus } from '../../../shared/adapters/eventbridge-bus.ts';
import type { ChangeEvent } from '../../../shared/core/change-event.ts';
import { listening } from '../../support/listening.ts';

const request = z.object({
  Entries: z.array(
    z.object({
      EventBusName: z.string(),
      Source: z.string(),
      DetailType: z.string(),
      Detail: z.string(),
    }),
  ),
});
type Entry = z.output<typeof request>['Entries'][number];

const closing: (() => void)[] = [];
afterEach(() => {
  for (const close of closing.splice(0)) close();
});

/** A bus that refuses what `refuses` says, as EventBridge does: with status 200. */
async function bus(refuses: (entry: Entry, call: number) => boolean) {
  const calls: Entry[][] = [];
  const server = createServer((incoming, response) => {
    let body = '';
    incoming.on('data', (part) => (body += String(part)));
    incoming.on('end', () => {
      const { Entries } = request.parse(JSON.parse(body));
      calls.push(Entries);
      const answers = Entries.map((entry) =>
        refuses(entry, calls.length)
          ? { ErrorCode: 'ThrottlingException', ErrorMessage: 'slow down' }
          : { EventId: 'id' },
      );
      response.setHeader('content-type', 'application/x-amz-json-1.1');
      response.end(JSON.stringify({ FailedEntryCount: 0, Entries: answers }));
    });
  });
  const port = await listening(server);
  const client = new EventBridgeClient({
    endpoint: `http://127.0.0.1:${port}`,
    region: 'local',
    credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
  });
  closing.push(() => {
    client.destroy();
    server.close();
  });
  return {
    calls,
    published: createEventBridgeBus(client, 'the-bus', { sleep: async () => {}, random: () => 0 }),
  };
}

const events = (count: number): ChangeEvent[] =>
  Array.from({ length: count }, (_, index) => ({
    type: 'Record Created',
    detail: {
      source: 'main',
      resource: 'products',
      fence: 1,
      event_id: `e${index}`,
      id: String(index),
      at: '2026-11-22T10:00:00.000Z',
    },
  }));

test('events go in batches of ten, in their order, to the bus that is named', async () => {
  const { calls, published } = await bus(() => false);
  await published.publish(events(23));
  expect(calls.map((entries) => entries.length)).toEqual([10, 10, 3]);
  const ids = calls
    .flat()
    .map(({ Detail }) => z.object({ id: z.string() }).parse(JSON.parse(Detail)).id);
  expect(ids).toEqual(Array.from({ length: 23 }, (_, index) => String(index)));
  expect(calls[0]?.[0]).toMatchObject({
    EventBusName: 'the-bus',
    Source: 'b2b-catalog-sync',
    DetailType: 'Record Created',
  });
});

test('of a batch, only what the bus refused is sent again', async () => {
  const { calls, published } = await bus(
    ({ Detail }, call) => call === 1 && /"id":"(?:3|7)"/.test(Detail),
  );
  await published.publish(events(10));
  expect(calls.map((entries) => entries.length)).toEqual([10, 2]);
});

test('what the bus goes on refusing is an error, so that the stream gives it again', async () => {
  const { calls, published } = await bus(({ Detail }) => Detail.includes('"id":"3"'));
  await expect(published.publish(events(10))).rejects.toThrow(
    'refused 1 events: ThrottlingException',
  );
  expect(calls).toHaveLength(4);
});
