import { allows } from '../../shared/core/access.ts';
import { status } from '../../shared/reads/status.ts';
import { resources } from '../../shared/resources/index.ts';
import { whoAsks } from '../http/event.ts';
import { textResult } from '../http/result.ts';
import { readHandler, type Operation } from '../read-handler.ts';
import { readServices } from '../runtime.ts';
import type { Lazy, ReadServices } from '../services.ts';

/** How each resource's sync is doing; it starts nothing. */
export const createHandler = (services: Lazy<ReadServices>) =>
  readHandler({ name: 'status', services, keepFresh: [], operations: { status: statusOperation } });

const statusOperation: Operation = async ({ event }, services) => {
  const who = whoAsks(event);
  // Run ids, reasons and the supplier's own words are for staff.
  const isStaff = who.kind !== 'anonymous' && allows(who.scopes, 'sync');
  const ports = { ...services, reader: services.live };
  const text = JSON.stringify(await status(resources, ports, { isStaff }));
  return textResult(200, 'application/json', text, { 'cache-control': 'no-store' });
};

export const handler = createHandler(readServices);
