import type { ControlRecord, FailureCode, LastError, RunState, RunStats } from './control.ts';
import type { Decision } from './decide.ts';

/** What each failure means and what to do, in words that hold nothing of upstream's own text. */
export const FAILURE_MESSAGES: Readonly<Record<FailureCode, string>> = {
  key_refused:
    'The supplier refuses the API key. Check that the key is the current one and may read products and categories.',
  no_credential:
    'No API key is configured, or it can’t be read. Set the supplier’s key; the next attempt uses it without a deployment.',
  throttled:
    'The supplier asks us to slow down. The sync goes on by itself after the wait it asked for.',
  not_found: 'The supplier finds nothing at the configured address. Check the base URL.',
  unavailable: 'The supplier can’t be reached or fails. The sync is tried again by itself.',
  untrusted:
    'The supplier’s TLS certificate is not valid, so nothing is sent to it. Tell the supplier; the sync goes on by itself once it is.',
  invalid:
    'The supplier answers something else than records (a maintenance page, say). Nothing of that was stored; the sync is tried again by itself.',
  retry_budget:
    'The supplier fails so often that trying again would only add load. The sync goes on by itself later.',
  pages_lost:
    'The supplier’s list could not be read whole. What arrived is stored, nothing was removed; the sync is tried again by itself.',
  held: 'So many records are missing from the supplier’s list that nothing was removed. Check with the supplier, then approve or discard the deletions.',
  mostly_rejected:
    'Most records could not be read or are not valid. Their last good versions stay. Look at the records in error.',
  worker_failed:
    'The sync stopped on an unexpected error. See the logs; it is tried again by itself.',
};

/** One sentence for a trigger that started nothing; `catalog` is what `catalogWords` calls it. */
export function refusalMessage(
  catalog: string,
  decision: Decision,
  { nextDueAtMs, lastError, leaseHolder, run }: ControlRecord,
): string {
  const next = new Date(nextDueAtMs).toISOString();
  switch (decision) {
    case 'running':
      if (run === null) return `A sync of ${catalog} is already in progress.`;
      return leaseHolder === null
        ? `A sync of ${catalog} is unfinished (${progress(run)}) and goes on by itself; try again after it.`
        : `A sync of ${catalog} is already in progress (${progress(run)}).`;
    case 'fresh':
      return `The ${catalog} are fresh; the next sync may start at ${next}, or now with force.`;
    case 'cooling':
      return `The last sync of ${catalog} failed; the next may start at ${next}, or now with force.${because(lastError)}`;
    case 'held':
      return `Deletions of ${catalog} wait for a person; the next sync may start at ${next}.${because(lastError)}`;
    case 'no_credential':
      return `${FAILURE_MESSAGES[lastError?.code ?? 'key_refused']} It is tried at most once a minute.`;
    case 'forbidden':
      return 'Forcing a sync is not allowed here.';
    case 'started':
      return `A sync of ${catalog} was started.`;
  }
}

const because = (error: LastError | null): string =>
  error === null ? '' : ` ${FAILURE_MESSAGES[error.code]}`;

const progress = ({ stats, expected }: RunState): string =>
  `${stats.total} of ${expected ?? 'an unknown number of'} records`;

/** What an unfinished run is told to be good for; a trial is not. */
export const GOES_ON = 'The next one goes on from there.';

/** What became of a run, in plain words first and upstream's own text in brackets after them. */
export function outcomeMessage(
  catalog: string,
  run: RunState,
  end: { readonly trouble: LastError | null; readonly isPaused: boolean },
): string {
  const { trouble, isPaused } = end;
  const reason = trouble === null ? '' : ` ${FAILURE_MESSAGES[trouble.code]} (${trouble.message})`;
  if (isPaused) {
    const why = reason || ' The time of this host is over.';
    return `The sync of ${catalog} is paused after ${progress(run)}.${why} ${GOES_ON}`;
  }
  if (trouble === null) return `Synced ${catalog}: ${figures(run.stats)}.`;
  return `The sync of ${catalog} did not succeed.${reason} ${capitalised(figures(run.stats))}.`;
}

const capitalised = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);

/** `1200 records: 3 created, 12 updated, 1183 unchanged, 0 removed, 2 in error`. */
export function figures(stats: RunStats): string {
  const { total, created, updated, unchanged, removed, errors } = stats;
  return `${total} records: ${created} created, ${updated} updated, ${unchanged} unchanged, ${removed} removed, ${errors} in error`;
}
