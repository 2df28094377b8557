import {
  PutEventsCommand,
  type EventBridgeClient,
  type PutEventsRequestEntry,
} from '@aws-sdk/client-eventbridge';
import type { ChangeEvent, ChangeEventBus } from '../core/change-event.ts';
import type { Clock } from '../core/ports.ts';
import { retryDelayMs } from './retry-delay.ts';

/** What rules match on as `source`. */
const EVENT_SOURCE = 'b2b-catalog-sync';

/** EventBridge takes 10 entries a request; ours are far under its 256 KB. */
const BATCH = 10;
const MAX_ATTEMPTS = 4;

/** An EventBridge bus, behind the port. */
export function createEventBridgeBus(
  client: Pick<EventBridgeClient, 'send'>,
  busName: string,
  clock: Pick<Clock, 'sleep' | 'random'>,
): ChangeEventBus {
  return {
    publish: async (events) => {
      for (let start = 0; start < events.length; start += BATCH) {
        const batch = events.slice(start, start + BATCH).map((event) => entryOf(event, busName));
        await put(client, batch, clock);
      }
    },
  };
}

const entryOf = ({ type, detail }: ChangeEvent, busName: string): PutEventsRequestEntry => ({
  EventBusName: busName,
  Source: EVENT_SOURCE,
  DetailType: type,
  Resources: [],
  Detail: JSON.stringify(detail),
});

/** A request that succeeds may still have refused some of its entries: those are sent again. */
async function put(
  client: Pick<EventBridgeClient, 'send'>,
  batch: readonly PutEventsRequestEntry[],
  clock: Pick<Clock, 'sleep' | 'random'>,
): Promise<void> {
  let left = batch;
  for (let attempts = 1; ; attempts += 1) {
    const { Entries = [] } = await client.send(new PutEventsCommand({ Entries: [...left] }));
    left = left.filter((_entry, position) => Entries[position]?.EventId === undefined);
    if (left.length === 0) return;
    const reason = Entries.find(({ ErrorCode }) => ErrorCode !== undefined)?.ErrorCode;
    if (attempts === MAX_ATTEMPTS) {
      throw new Error(`the bus refused ${left.length} events: ${reason ?? 'it gave no reason'}`);
    }
    await clock.sleep(retryDelayMs(attempts, clock.random()));
  }
}
