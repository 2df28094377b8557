import { status } from '../../shared/reads/status.ts';
import { resources } from '../../shared/resources/index.ts';
import { textResult } from '../http/result.ts';
import { readHandler, type Operation } from '../read-handler.ts';
import { readServices } from '../runtime.ts';
import type { Lazy, ReadServices } from '../services.ts';

/** Nobody is staff over HTTP until there are scopes. */
const READER = { admin: false };

/** How each resource's sync is doing; it starts nothing. */
export const createHandler = (services: Lazy<ReadServices>) =>
  readHandler({ name: 'status', services, keepFresh: [], operations: { status: statusOperation } });

const statusOperation: Operation = async (_call, services) => {
  const text = JSON.stringify(await status(resources, services, READER));
  return textResult(200, 'application/json', text, { 'cache-control': 'no-store' });
};

export const handler = createHandler(readServices);
