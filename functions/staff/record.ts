import { wholeRecord } from '../../shared/reads/single.ts';
import { idOf, readRequest } from '../http/operations.ts';
import { jsonResult } from '../http/result.ts';
import type { Operation } from '../read-handler.ts';
import { namedResource } from './request.ts';
import type { StaffServices } from './services.ts';

/** One record with the shop's secrets; the last segment but the id names the resource. */
export const recordOperation: Operation<StaffServices> = async (call, services) => {
  const resource = namedResource(call.taken.route.path.split('/').at(-2) ?? '');
  const { source } = readRequest(call);
  return jsonResult(200, await wholeRecord(resource, { id: idOf(call), source }, services));
};
