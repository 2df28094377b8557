import { isGone, UpstreamError } from './errors.ts';
import { LIMITS } from './limits.ts';
import { mapConcurrently } from './map-concurrently.ts';
import type { RecordId } from './record-id.ts';
import type { RunPorts } from './run-ports.ts';

/** How many records that the list has just named are asked for, to see whether details are served. */
const KNOWN = 3;

/**
 * Of records missing from one scan, those whose detail upstream says is gone (404 or 410), too. The
 * `LIMITS.probes` in a row are asked for, others each time, within `LIMITS.probeMs`: nothing is committed meanwhile, so the
 * lease must outlast it. The others, and those that can't be told, wait for the next scan; so do all of
 * them where the details of records that the list has are not served either.
 */
export async function goneOf(ids: readonly RecordId[], ports: RunPorts): Promise<RecordId[]> {
  if (ids.length === 0) return [];
  const abort = new AbortController();
  const timer = new AbortController();
  void ports.clock.sleep(LIMITS.probeMs, timer.signal).then(() => abort.abort());
  const gone: RecordId[] = [];
  const { concurrency } = ports.source;
  const bounds = { inFlight: concurrency, window: concurrency + LIMITS.windowSlack };
  try {
    if (!(await areServed(ports, abort.signal))) return gone;
    const asked = mapConcurrently(
      each(someOf(ids, ports.clock.random())),
      (id) => probe(id, ports, abort.signal),
      bounds,
    );
    for await (const { id, found } of asked) {
      if (!found) gone.push(id);
    }
  } finally {
    timer.abort();
  }
  return gone;
}

/** As many as are asked for, from a random one on: the same ones would else stand before the others in each
 *  run, where the supplier serves what it no longer lists. */
function someOf(ids: readonly RecordId[], random: number): readonly RecordId[] {
  const from = ids.length > LIMITS.probes ? Math.floor(random * ids.length) : 0;
  return [...ids.slice(from), ...ids.slice(0, from)].slice(0, LIMITS.probes);
}

/** Whether the supplier serves details at all: a list that is served says nothing of them. Where this
 *  lease was served one, the source itself tells an outage since. */
async function areServed(ports: RunPorts, signal: AbortSignal): Promise<boolean> {
  const { ledger, served, shouldStop, source, resource, log } = ports;
  if (served.detail) return true;
  let asked = 0;
  for (const id of ledger.seen) {
    if (asked === KNOWN || shouldStop()) return false;
    if (!ledger.manifest.has(id) || ledger.rejects.has(id)) continue;
    asked += 1;
    try {
      await source.detail(resource, id, signal);
      return true;
    } catch (error) {
      if (!(error instanceof UpstreamError) && !signal.aborted) throw error;
      log.warn('probe_failed', { resource: resource.name, id, error });
    }
  }
  return false;
}

async function* each<A>(values: readonly A[]): AsyncGenerator<A> {
  yield* values;
}

async function probe(
  id: RecordId,
  { source, resource, log, shouldStop }: RunPorts,
  signal: AbortSignal,
): Promise<{ readonly id: RecordId; readonly found: boolean }> {
  if (shouldStop() || signal.aborted) return { id, found: true };
  try {
    await source.detail(resource, id, signal);
    return { id, found: true };
  } catch (error) {
    if (signal.aborted) return { id, found: true };
    if (!(error instanceof UpstreamError)) throw error;
    const found = !isGone(error);
    if (found) log.warn('probe_failed', { resource: resource.name, id, error });
    return { id, found };
  }
}
