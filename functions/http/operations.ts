import type * as z from 'zod';
import { recordId, type RecordId } from '../../shared/core/record-id.ts';
import type { Resource } from '../../shared/core/resource.ts';
import type { Answer } from '../../shared/reads/answer.ts';
import type { ReadPorts, ReadRequest } from '../../shared/reads/catalog.ts';
import { ReadError } from '../../shared/reads/errors.ts';
import { list, type ListRequest } from '../../shared/reads/list.ts';
import { listQuery, parseQuery, readQuery } from '../../shared/reads/query.ts';
import { single } from '../../shared/reads/single.ts';
import type { Call, Operation } from '../read-handler.ts';
import { answerResult } from './answer-result.ts';
import type { HttpEvent } from './event.ts';
import { addressOf } from './route.ts';

/** The list of a resource. */
export const listOperation = (resource: Resource): Operation =>
  answering((call, ports) => list(resource, listRequest(call), ports));

/** One record of a resource. */
export const singleOperation = (resource: Resource): Operation =>
  answering((call, ports) => single(resource, { ...readRequest(call), id: idOf(call) }, ports));

/** An operation of a use case that answers. */
export function answering(useCase: (call: Call, ports: ReadPorts) => Promise<Answer>): Operation {
  return async (call, services) => answerResult(await useCase(call, services), call.event);
}

/** What a client sends with any read. @throws ReadError `bad_parameter` */
export function readRequest({ event, sync }: Call): ReadRequest {
  const { force, source = null } = askedBy(event, readQuery);
  return { force, source, sync, ifNoneMatch: event.headers['if-none-match'] ?? null };
}

/** What a client sends with a list. @throws ReadError `bad_parameter` */
export function listRequest(call: Call): ListRequest {
  const { event, taken } = call;
  const query = askedBy(event, listQuery);
  const { page_size, category, availability, updated_since, search } = event.queryStringParameters;
  const kept = { page_size, category, availability, updated_since, search };
  const link: ListRequest['link'] = (cursor, ofSource) =>
    addressOf(event, taken, { ...kept, source: ofSource, cursor });
  return { ...readRequest(call), query, link };
}

/** The query, each parameter once: the gateway joins what comes twice by commas, which would be another
 *  category, or other words to search for. @throws ReadError `bad_parameter` */
export function askedBy<Schema extends z.ZodObject>(
  { rawQueryString, queryStringParameters }: HttpEvent,
  schema: Schema,
): z.output<Schema> {
  const given = new URLSearchParams(rawQueryString);
  const twice = Object.keys(schema.shape).filter((name) => given.getAll(name).length > 1);
  if (twice.length === 0) return parseQuery(schema, queryStringParameters);
  throw new ReadError('bad_parameter', `${twice.join(', ')} must be given once.`);
}

/** The id in the path. @throws ReadError `not_found` when it can't be one */
export function idOf({ taken }: Call): RecordId {
  const id = recordId(taken.parameters['id']);
  if (id === null) throw new ReadError('not_found', 'No record can have this id.');
  return id;
}
