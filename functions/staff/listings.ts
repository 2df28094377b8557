import { listingQuery } from '../../shared/contract/orders.ts';
import { allows, type Caller } from '../../shared/core/access.ts';
import type { CatalogRef } from '../../shared/core/control.ts';
import type { JsonObject } from '../../shared/core/json.ts';
import { rejectJson, runJson } from '../../shared/reads/listed-rows.ts';
import { askedSources } from '../../shared/reads/sources.ts';
import { resources } from '../../shared/resources/index.ts';
import { askedBy } from '../http/operations.ts';
import { jsonResult } from '../http/result.ts';
import type { Operation } from '../read-handler.ts';
import { callerOf, namedResource } from './request.ts';
import type { StaffServices } from './services.ts';

/** Finished runs, newest first, by resource. */
export const runsOperation = listing(async (ref, limit, { reader }) => {
  const runs = await reader.runs(ref, limit);
  return runs.map((run) => runJson(run));
});

/** Records in error, by resource. */
export const rejectsOperation = listing(async (ref, limit, { reader }, { scopes }) => {
  const rejects = await reader.rejects(ref, limit);
  const isAdmin = allows(scopes, 'admin');
  return rejects.map((reject) => rejectJson(reject, { isAdmin }));
});

/** One source after the other, at most `limit` of each; rows name theirs where there are several. */
function listing(
  read: (
    ref: CatalogRef,
    limit: number,
    services: StaffServices,
    caller: Caller,
  ) => Promise<readonly JsonObject[]>,
): Operation<StaffServices> {
  return async ({ event }, services) => {
    const { resource, source = null, limit } = askedBy(event, listingQuery);
    const caller = callerOf(event);
    const sources = askedSources(source, services);
    const asked = resource === undefined ? resources : [namedResource(resource)];
    const listed = await Promise.all(
      asked.map(async ({ name }) => {
        const rows = sources.map(async (of): Promise<readonly JsonObject[]> => {
          const found = await read({ source: of, resource: name }, limit, services, caller);
          return services.sources.length === 1 ? found : found.map(namedBy(of));
        });
        return [name, (await Promise.all(rows)).flat()] as const;
      }),
    );
    return jsonResult(200, Object.fromEntries(listed));
  };
}

const namedBy =
  (source: string) =>
  (row: JsonObject): JsonObject => ({ source, ...row });
