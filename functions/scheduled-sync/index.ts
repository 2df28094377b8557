import type { SyncResult } from '../../shared/core/run-sync.ts';
import type { Lazy } from '../services.ts';
import { isForAll, parseWorkerEvent, resourcesOf, type WorkerEvent } from './event.ts';
import { carryOut } from './actions.ts';
import { allOf, refusedEvent, type WorkerAnswer } from './answer.ts';
import type { LambdaTime } from './host.ts';
import { syncServices, type SyncServices } from './services.ts';

/**
 * The worker: rules, reads and people start it. It has no HTTP route, so that no HTTP body is ever read
 * as its event. An event that is not as declared is answered with the reason; each is of one source. A store that fails is
 * thrown, once every other resource's run is over: Lambda then keeps the event in the queue of failures.
 */
export const createHandler =
  (services: Lazy<SyncServices>) =>
  async (input: unknown, context: LambdaTime): Promise<WorkerAnswer> => {
    const parsed = parseWorkerEvent(input, services().sources);
    if ('event' in parsed) return answerTo(parsed.event, services(), context);
    services().log.error('event_refused', { reason: parsed.refusal });
    return refusedEvent(parsed.refusal);
  };

async function answerTo(
  event: WorkerEvent,
  services: SyncServices,
  context: LambdaTime,
): Promise<WorkerAnswer> {
  const asked = resourcesOf(event);
  const runs = asked.map(async (resource): Promise<[string, SyncResult]> => {
    const { source } = event;
    const parts = {
      ports: services.portsOf(resource, source, asked.length),
      host: services.hostOf(context, { source, resource: resource.name }),
      settings: services.settingsOf(resource, source),
    };
    return [resource.name, await carryOut(event, parts)];
  });
  // All are over before the first failure is thrown: an invocation that ends would cut the others.
  await Promise.allSettled(runs);
  const results = new Map(await Promise.all(runs));
  const only = isForAll(event) ? undefined : results.get(event.resource);
  return only ?? allOf(results);
}

export const handler = createHandler(syncServices);
