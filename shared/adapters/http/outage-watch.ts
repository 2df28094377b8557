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
  /** What it is one of, for example `products detail`. A page that is served says nothing of details. */
  readonly kind: string;
  /** What upstream should have as well: asked when this fails and none of its kind was served yet. Empty
   *  where nothing else is known. */
  readonly sure: () => readonly Wanted[];
}

/** Tells one record's trouble from the supplier's. */
export interface OutageWatch {
  readonly served: (wanted: Wanted) => void;
  /**
   * A final failure as it should be taken: what was served last of its kind is asked for once more, or
   * what is sure to be there where none was (a run may resume into an outage), and when nothing of that
   * is served either, the failure is everybody's (`isOutage`). Those that fail at the same time share one
   * question.
   * @throws UpstreamError when the supplier may not be asked any more
   * @throws the signal's reason when aborted
   */
  readonly judged: (error: unknown, wanted: Wanted) => Promise<unknown>;
}

/** @param fetched sends it, tries it again where that may help, and throws its own failure unjudged */
export function createOutageWatch(fetched: (wanted: Wanted) => Promise<unknown>): OutageWatch {
  const lastServed = new Map<string, Wanted>();
  const asking = new Map<string, Promise<readonly UpstreamFailure[]>>();

  const isOn = async (failure: UpstreamFailure, { kind, sure, signal }: Wanted) => {
    const last = lastServed.get(kind);
    const known = last === undefined ? sure() : [last];
    const ask = (): Promise<readonly UpstreamFailure[]> =>
      failuresOf(known.map((one) => fetched({ ...one, signal }))).finally(() =>
        asking.delete(kind),
      );
    const question = asking.get(kind) ?? ask();
    asking.set(kind, question);
    const failures = await question;
    // A record that is gone by now was answered for all that, unless nothing is found any more.
    return failures.some((one) => one !== 'not_found' || failure === 'not_found');
  };
  return {
    served: (wanted) => void lastServed.set(wanted.kind, wanted),
    judged: async (error, wanted) =>
      isOwnFailure(error) && (await isOn(error.failure, wanted)) ? outageOf(error) : error,
  };
}

/** Why all of them failed; nothing when one was served. @throws what is nobody's own failure */
async function failuresOf(asked: readonly Promise<unknown>[]): Promise<readonly UpstreamFailure[]> {
  const answers = await Promise.allSettled(asked);
  const refusals = answers.filter((answer) => answer.status === 'rejected');
  return refusals.length < answers.length ? [] : refusals.map(({ reason }) => failureOf(reason));
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
