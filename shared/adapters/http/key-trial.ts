import type { UpstreamError } from '../../core/errors.ts';
import type { Credentials } from '../credentials.ts';
import type { Outcome } from './outcome.ts';

/** Sends requests with the supplier's key, and stops sending once the key is refused for good. */
export interface KeyTrial {
  /**
   * Sends with the key. At the first refusal the key is read again, once, and that request is sent
   * once more; requests refused meanwhile wait for its outcome before they are sent once more too.
   * @throws UpstreamError `key_refused` when that is refused as well: and then always, without
   *   sending; `no_credential` when there is no key to be had
   */
  send(request: (key: string) => Promise<Outcome>): Promise<Outcome>;
}

export function createKeyTrial(credentials: Credentials): KeyTrial {
  let refusal: UpstreamError | undefined;
  let trial: Promise<Outcome> | undefined;

  const sendFinally = async (
    request: (key: string) => Promise<Outcome>,
    key: string,
  ): Promise<Outcome> => {
    const outcome = await request(key);
    if (outcome.kind !== 'refused') return outcome;
    refusal ??= outcome.error;
    throw refusal;
  };

  const send = async (request: (key: string) => Promise<Outcome>): Promise<Outcome> => {
    if (refusal) throw refusal;
    const outcome = await request(await credentials.key());
    if (outcome.kind !== 'refused') return outcome;
    if (!trial) return (trial = credentials.refresh().then((key) => sendFinally(request, key)));
    await trial;
    return sendFinally(request, await credentials.key());
  };
  return { send };
}
