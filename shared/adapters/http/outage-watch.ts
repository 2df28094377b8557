import { isOwnFailure, UpstreamError, type UpstreamFailure } from '../../core/errors.ts';
import type { Json } from '../../core/json.ts';
import type { HttpRequest } from './request.ts';

/** What is asked of upstream, however often it is sent. */
export interface Wanted<Read = unknown> extends Pick<
  HttpRequest,
  'url' | 'maxBodyBytes' | 'signal'
> {
  /** Makes of an answer what it is to be. @throws UpstreamError `invalid` when it is something else */
  readonly read: (json: Json) => Read;
}

/** Tells one record's trouble from the supplier's. */
export interface OutageWatch {
  readonly served: (wanted: Wanted) => void;
  /**
   * A final failure as it should be taken: what was served last is asked for once more, and when that
   * is not served either, the failure is everybody's (`isOutage`). Those that fail at the same time
   * share one question. While nothing was ever served nobody can tell: it stays the request's own.
   * @throws UpstreamError when the supplier may not be asked any more
   * @throws the signal's reason when aborted
   */
  readonly judged: (error: unknown, signal: AbortSignal) => Promise<unknown>;
}

/** @param fetched sends it, tries it again where that may help, and throws its own failure unjudged */
export function createOutageWatch(fetched: (wanted: Wanted) => Promise<unknown>): OutageWatch {
  let lastServed: Wanted | undefined;
  let asking: Promise<UpstreamFailure | null> | undefined;

  const isOn = async (failure: UpstreamFailure, signal: AbortSignal): Promise<boolean> => {
    if (lastServed === undefined) return false;
    asking ??= fetched({ ...lastServed, signal })
      .then(() => null, failureOf)
      .finally(() => (asking = undefined));
    const again = await asking;
    // A record that is gone by now was answered for all that, unless nothing is found any more.
    return again !== null && (again !== 'not_found' || failure === 'not_found');
  };
  return {
    served: (wanted) => {
      lastServed = wanted;
    },
    judged: async (error, signal) =>
      isOwnFailure(error) && (await isOn(error.failure, signal)) ? outageOf(error) : error,
  };
}

function failureOf(error: unknown): UpstreamFailure {
  if (isOwnFailure(error)) return error.failure;
  throw error;
}

function outageOf(error: UpstreamError): UpstreamError {
  const { failure, message, status, retryAfterMs } = error;
  const details = { status, retryAfterMs, isOutage: true, cause: error };
  return new UpstreamError(failure, `nothing is served any more; the last: ${message}`, details);
}
