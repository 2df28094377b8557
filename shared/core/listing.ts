import { batched } from './batch.ts';
import { commit } from './commit.ts';
import type { ActiveControl, ControlRecord } from './control.ts';
import { withDetail, type Detailed } from './details.ts';
import { endInterrupted } from './endings.ts';
import { entries } from './entries.ts';
import { UpstreamError } from './errors.ts';
import { LIMITS } from './limits.ts';
import { mapConcurrently } from './map-concurrently.ts';
import { pages } from './pages.ts';
import { plan, type Planned } from './plan.ts';
import type { RunPorts } from './run-ports.ts';

/**
 * One step through the list: pages → rows → details → compared → committed. Ends behind the last page
 * (the run is then closing), after `stepMs` behind any page, or when the host must stop. When upstream
 * is the trouble, everything before it is committed and the lease is given back.
 */
export async function advanceListing(
  control: ActiveControl,
  ports: RunPorts,
): Promise<ControlRecord> {
  const abort = new AbortController();
  const detailed = detailedRows(control, ports, abort.signal);
  let current = control;
  try {
    for await (const batch of batched(planned(detailed, ports), ports.clock)) {
      current = await commit(current, batch, ports);
      // Nothing came for a while, and the host's time is over: what hangs is not waited for.
      if (ports.shouldStop() && batch.counted.total === 0) break;
    }
    return current;
  } catch (error) {
    if (!(error instanceof UpstreamError)) throw error;
    return await endInterrupted(current, error, ports);
  } finally {
    abort.abort();
    detailed.return(undefined).catch(() => {}); // what was in flight is of no use any more
  }
}

function detailedRows(
  control: ActiveControl,
  ports: RunPorts,
  signal: AbortSignal,
): AsyncGenerator<Detailed> {
  const { clock, source, shouldStop } = ports;
  const stepEndsAtMs = clock.monotonicMs() + LIMITS.stepMs;
  const stepIsOver = () => shouldStop() || clock.monotonicMs() >= stepEndsAtMs;
  const rows = entries(pages(control, ports, signal, stepIsOver), ports, control.run);
  return mapConcurrently(rows, (row) => withDetail(row, ports, signal), {
    inFlight: source.concurrency + LIMITS.askedAhead,
    window: source.concurrency + LIMITS.windowSlack,
  });
}

async function* planned(
  detailed: AsyncIterable<Detailed>,
  ports: RunPorts,
): AsyncGenerator<Planned> {
  for await (const row of detailed) yield plan(row, ports);
}
