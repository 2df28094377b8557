import type { UpstreamFailure } from '../shared/core/errors.ts';
import { variableOf } from '../shared/source-settings.ts';

/** What a failure means to whoever checks the supplier of a source, and what to do: nothing is tried again by
 *  itself. */
export const checkMessage = (failure: UpstreamFailure, source: string): string =>
  MESSAGES[failure].replaceAll(/B2B_API_(?:URL|KEY)/g, (name) => variableOf(name, source));

/** With the names of the main source's settings. */
const MESSAGES: Readonly<Record<UpstreamFailure, string>> = {
  key_refused:
    'The supplier refuses the API key. Check that the key is the current one and may read products and categories.',
  no_credential:
    'No API key is configured, or it can’t be read. Set B2B_API_KEY, then check again.',
  throttled: 'The supplier asks us to slow down. Check again after the wait it asked for.',
  not_found:
    'The supplier finds nothing at the configured address. Check the base URL (B2B_API_URL).',
  unavailable:
    'The supplier can’t be reached or fails. Check the base URL (B2B_API_URL) and the network, then check again.',
  untrusted:
    'The supplier’s TLS certificate is not valid, so nothing is sent to it. Tell the supplier, and check again once it is.',
  invalid:
    'The supplier answers something else than records (a maintenance page, say). Check again later, and the base URL (B2B_API_URL) if it lasts.',
  retry_budget:
    'The supplier fails so often that trying again would only add load. Check again later.',
};
