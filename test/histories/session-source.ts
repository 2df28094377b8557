import { cursorAfter } from '../../shared/adapters/http/page-cursor.ts';
import { UpstreamError } from '../../shared/core/errors.ts';
import type { CatalogSource } from '../../shared/core/ports.ts';
import type { Gate } from './gate.ts';
import type { SessionOptions, SessionParts } from './session.ts';
import { answerDetail, answerPage, wireOf } from './supplier.ts';

/** The supplier as a session reaches it. */
export function sourceOf(
  { world, supplier }: SessionParts,
  { resource: name, number: session, latencyMs }: SessionOptions,
  gate: Gate,
): CatalogSource {
  const counters = { requests: 0, retries: 0 };
  const at = { resource: name, session };
  return {
    counters,
    concurrency: 2,
    cursorAfter: (_resource, cursor) => cursorAfter(cursor),
    page: (resource, cursor, signal) =>
      gate.pass('page', false, async () => {
        signal.throwIfAborted();
        world.pass(latencyMs);
        counters.requests += 1;
        const { result, ...answer } = answerPage(supplier, resource, cursor);
        world.events.push({ kind: 'page', ...at, ...answer });
        if (result instanceof UpstreamError) throw result;
        return result;
      }),
    detail: (resource, id, signal) =>
      gate.pass('detail', false, async () => {
        signal.throwIfAborted();
        world.pass(latencyMs);
        counters.requests += 1;
        const { url, result } = answerDetail(supplier, resource, id);
        const isError = result instanceof UpstreamError;
        const version = isError ? null : result.version;
        const failure = isError ? result.failure : null;
        world.events.push({ kind: 'detail', ...at, url, id, version, failure });
        if (isError) throw result;
        return wireOf(result);
      }),
  };
}
