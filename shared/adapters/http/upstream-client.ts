import { setImmediate as nextTurn } from 'node:timers/promises';
import type { UpstreamHealth } from '../../core/health.ts';
import type { Clock, Log } from '../../core/ports.ts';
import type { UpstreamAnswer } from '../../core/watched.ts';
import { createAdaptiveLimit } from './adaptive-limit.ts';
import type { Credentials } from '../credentials.ts';
import { createHealthCounter, isOverload } from './health-counter.ts';
import { outcomeOf, type Outcome } from './outcome.ts';
import { createOutageWatch, type Wanted } from './outage-watch.ts';
import { createAgent, httpGet } from './request.ts';
import { createRedactor } from '../redaction.ts';
import { createKeyTrial } from './key-trial.ts';
import { createLargeBodies } from './large-bodies.ts';
import { createRequestGate } from './request-gate.ts';
import { createRetryPolicy, type RequestCounters } from './retry-policy.ts';

/** GETs JSON from upstream: a bounded number at once, each tried at most 3 times. */
export interface UpstreamClient {
  /** A decoded body larger than `maxBodyBytes` is `invalid`, and so is what `read` refuses.
   *  @throws UpstreamError when it can't be had
   *  @throws the signal's reason when aborted */
  readonly get: <Read>(wanted: Wanted<Read>) => Promise<Read>;
  readonly counters: Readonly<RequestCounters>;
  readonly health: UpstreamHealth;
  readonly takeFailures: () => void;
}

export interface UpstreamParts {
  readonly credentials: Credentials;
  readonly clock: Clock;
  readonly log: Log;
  /** Hides the supplier's key in a text. */
  readonly redact: (text: string) => string;
  /** Told of every attempt that was answered or failed. */
  readonly answered?: (answer: UpstreamAnswer) => void;
}

export function createUpstreamClient(
  settings: {
    readonly protocol: string;
    readonly concurrency: number;
    readonly timeoutMs: number;
  },
  { credentials, clock, log, redact, answered }: UpstreamParts,
): UpstreamClient {
  const { protocol, concurrency, timeoutMs } = settings;
  const agent = createAgent(protocol, concurrency);
  const limit = createAdaptiveLimit<Outcome>(concurrency, isOverload);
  const gate = createRequestGate(clock);
  const largeBodies = createLargeBodies();
  const trial = createKeyTrial(credentials);
  const counters: RequestCounters = { requests: 0, retries: 0 };
  const { health, add: noteAnswer } = createHealthCounter();
  const { beforeRetry, takeFailures } = createRetryPolicy({ clock, log, counters });

  const withoutKey = hidingOneKey();
  const send = async (wanted: Wanted, key: string): Promise<Outcome> => {
    const { url } = wanted;
    counters.requests += 1;
    const headers = { 'X-API-Key': key, Accept: 'application/json', 'Accept-Encoding': 'gzip' };
    const bounds = { timeoutMs, largeBodies };
    const sentAtMs = clock.monotonicMs();
    const result = await httpGet({ ...wanted, headers, agent, ...bounds });
    const latencyMs = clock.monotonicMs() - sentAtMs;
    const what = (): string => redact(`GET ${url.pathname}${url.search}`);
    const attempt = { what, nowMs: clock.nowMs(), redact, withoutKey: withoutKey(key) };
    const outcome = outcomeOf(result, attempt);
    noteAnswer(outcome, latencyMs);
    answered?.({ latencyMs, isRefusal: isOverload(outcome) });
    return outcome;
  };
  /** One attempt, in its slot: behind the gate, which it closes for all when it is told to wait. */
  const attempt = async (wanted: Wanted): Promise<Outcome> => {
    await gate.opened(wanted.signal);
    const outcome = await trial.send((key) => send(wanted, key));
    if (outcome.kind === 'json') gate.served();
    else if (isOverload(outcome)) gate.pause(outcome.error.retryAfterMs ?? 0);
    return outcome;
  };
  const fetched = async <Read>(wanted: Wanted<Read>): Promise<Read> => {
    const tried = { attempts: 0, excesses: 0 };
    for (;;) {
      const outcome = await limit.run(() => attempt(wanted));
      // Answers come in bunches: those that wait for a slot are sent before any of them is worked on.
      await nextTurn();
      if (outcome.kind === 'json') {
        const read = wanted.read(outcome.json);
        outage.served(wanted);
        return read;
      }
      await beforeRetry(outcome, tried, wanted.signal, limit.wasTooMany(outcome));
    }
  };
  const outage = createOutageWatch(fetched);
  const get: UpstreamClient['get'] = (wanted) =>
    fetched(wanted).catch(async (error: unknown) => {
      throw await outage.judged(error, wanted);
    });
  return { get, counters, health, takeFailures };
}

/** A shorter key could stand in a catalogue by chance. */
const LEAST_KEY_CHARACTERS = 16;

/** What hides a key in what was asked for with it: only that one, since another source's may be so short
 *  that it stands in this one's records. Null where it is too short itself. */
function hidingOneKey(): (key: string) => ((text: string) => string) | null {
  let known = '';
  let redact: ((text: string) => string) | null = null;
  return (key) => {
    if (key !== known) {
      known = key;
      redact = key.length < LEAST_KEY_CHARACTERS ? null : createRedactor([key]).redact;
    }
    return redact;
  };
}
