import { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import * as z from 'zod';
import { createEventBridgeBus } from '../../shared/adapters/eventbridge-bus.ts';
import { eventOf, streamChange } from '../../shared/adapters/dynamodb/stream-events.ts';
import { createSystemClock } from '../../shared/adapters/system-clock.ts';
import type { ChangeEventBus } from '../../shared/core/change-event.ts';
import { changeEventsEnvironment } from '../../shared/environment.ts';
import { environmentOf } from '../runtime.ts';
import { lazily, type Lazy } from '../services.ts';

const streamBatch = z.object({ Records: z.array(streamChange) });

/**
 * Tells the outside what changed, from the table's own stream: what is stored is published, at least
 * once, whoever stored it and however it died afterwards. A batch that fails is given again by Lambda.
 */
export const createHandler =
  (bus: Lazy<ChangeEventBus>) =>
  async (batch: unknown): Promise<void> => {
    const events = streamBatch.parse(batch).Records.map(eventOf);
    await bus().publish(events.filter((event) => event !== null));
  };

export const handler = createHandler(
  lazily(() => {
    const { EVENT_BUS_NAME } = environmentOf(changeEventsEnvironment);
    return createEventBridgeBus(new EventBridgeClient({}), EVENT_BUS_NAME, createSystemClock());
  }),
);
