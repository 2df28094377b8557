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
  /** What upstream always has: asked when this fails and nothing was served yet. Null where this is it. */
  readonly sure: (() => Wanted) | null;
}

/** Tells one record's trouble from the supplier's. */
export interface OutageWatch {
  readonly served: (wanted: Wanted) => void;
  /**
   * A final failure as it should be taken: what was served last is asked for once more, or what is sure
   * to be there where nothing was (a run may resume into an outage), and when that is not served either,
   * the failure is everybody's (`isOutage`). Those that fail at the same time share one question.
   * @throws UpstreamError when the supplier may not be asked any more
   * @throws the signal's reason when aborted
   */
  readonly judged: (error: unknown, wanted: Wanted) => Promise<unknown>;
}

/** @param fetched sends it, tries it again where that may help, and throws its own failure unjudged */
export function createOutageWatch(fetched: (wanted: Wanted) => Promise<unknown>): OutageWatch {
  let lastServed: Wanted | undefined;
  let asking: Promise<UpstreamFailure | null> | undefined;

  const isOn = async (failure: UpstreamFailure, { sure, signal }: Wanted): Promise<boolean> => {
    const known = lastServed ?? sure?.();
    if (known === undefined) return false;
    asking ??= fetched({ ...known, signal })
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
    judged: async (error, wanted) =>
      isOwnFailure(error) && (await isOn(error.failure, wanted)) ? outageOf(error) : error,
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
