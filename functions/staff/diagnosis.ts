import type { Overview } from '../../shared/reads/overview.ts';
import { fill, moment, number, sinceMoment, type Markup, type Reader } from '../pages/format.ts';
import { WORDS } from '../pages/words.ts';

/** How bad it is: `bad` needs a person, `warn` will, `busy` and `good` do not. */
export type Level = 'good' | 'busy' | 'warn' | 'bad';

const LEVELS: Readonly<Record<Overview['state'], Level>> = {
  never_synced: 'warn',
  fresh: 'good',
  due: 'good',
  overdue: 'bad',
  running: 'busy',
  paused: 'warn',
  failing: 'bad',
  held: 'bad',
  no_credential: 'bad',
};

export const levelOf = ({ state }: Overview): Level => LEVELS[state];

/** In plain words: how it is, what is wrong, and what to do. */
export function diagnosis(overview: Overview, reader: Reader): Markup {
  const words = WORDS[reader.language];
  const { state, control, troubleSinceMs } = overview;
  const { lastSuccessAtMs, lastAttemptAtMs, nextDueAtMs, lastError, held } = control;
  const at = (ms: number | null) => (ms === null ? words.never : moment(ms, reader));
  // The first sync of all is shown as it goes.
  const first = control.liveCount === 0 ? words.keptNone : words.keptSome;
  const kept = lastSuccessAtMs === null ? first : fill(words.kept, { last: at(lastSuccessAtMs) });
  const after = (ms: number | null) => (ms === null ? words.never : sinceMoment(ms, reader));
  const since = after(state === 'due' ? nextDueAtMs : troubleSinceMs);
  const isFaulty = state === 'failing' || state === 'no_credential' || state === 'paused';
  if (isFaulty && lastError !== null)
    return fill(words[`fault_${lastError.code}`], { since, kept });
  const text =
    state === 'failing' || state === 'no_credential' ? words.say_paused : words[`say_${state}`];
  const isExcept = state === 'fresh' && control.rejectCount > 0;
  const count = number(held?.count ?? 0, reader);
  return fill(isExcept ? words.say_fresh_except : text, {
    kept,
    since,
    count,
    next: at(nextDueAtMs),
    attempt: after(lastAttemptAtMs),
  });
}
