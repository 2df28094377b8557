import * as z from 'zod';
import type { RunSummary } from '../../shared/core/control.ts';
import type { JsonObject } from '../../shared/core/json.ts';
import type { Reject } from '../../shared/core/ports.ts';
import type { Resource } from '../../shared/core/resource.ts';
import { refOf } from '../../shared/reads/catalog.ts';
import { parseQuery } from '../../shared/reads/query.ts';
import { lastRunOf } from '../../shared/reads/status-run.ts';
import { resources } from '../../shared/resources/index.ts';
import { jsonResult } from '../http/result.ts';
import type { Operation } from '../read-handler.ts';
import { namedResource } from './request.ts';
import type { StaffServices } from './services.ts';

const MOST = 200;

const query = z.object({
  /** Default: each. */
  resource: z.string().optional(),
  limit: z.coerce
    .number({ error: `must be a whole number from 1 to ${MOST}` })
    .int()
    .min(1, { error: `must be a whole number from 1 to ${MOST}` })
    .max(MOST, { error: `must be a whole number from 1 to ${MOST}` })
    .default(20),
});

/** Finished runs, newest first, by resource. */
export const runsOperation = listing(async ({ name }, limit, services) => {
  const runs = await services.reader.runs(refOf(name, services), limit);
  return runs.map((run) => runJson(run));
});

/** Records in error, by resource. */
export const rejectsOperation = listing(async ({ name }, limit, services) => {
  const rejects = await services.reader.rejects(refOf(name, services), limit);
  return rejects.map((reject) => rejectJson(reject));
});

function listing(
  read: (
    resource: Resource,
    limit: number,
    services: StaffServices,
  ) => Promise<readonly JsonObject[]>,
): Operation<StaffServices> {
  return async ({ event }, services) => {
    const { resource, limit } = parseQuery(query, event.queryStringParameters);
    const asked = resource === undefined ? resources : [namedResource(resource)];
    const listed = await Promise.all(
      asked.map(async (one) => [one.name, await read(one, limit, services)] as const),
    );
    return jsonResult(200, Object.fromEntries(listed));
  };
}

const runJson = (run: RunSummary): JsonObject => ({
  ...lastRunOf(run, { admin: true }),
  scope: run.scope,
  started_at: new Date(run.startedAtMs).toISOString(),
});

const rejectJson = ({
  key,
  reason,
  firstSeenAt,
  lastSeenAt,
  attempts,
  payload,
}: Reject): JsonObject => ({
  id: key,
  reason,
  first_seen: firstSeenAt,
  last_seen: lastSeenAt,
  attempts,
  payload,
});
