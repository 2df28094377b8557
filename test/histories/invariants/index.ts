import type { History } from '../history.ts';
import type { Invariant } from './replay.ts';
import { littleIsFetchedTwice, resourcesAreApart, walksEnd } from './apart.ts';
import { convergesWithoutDrift } from './convergence.ts';
import { nothingLeaks } from './leaks.ts';
import { leavesByTheRule } from './leaving.ts';
import { successMeansAll } from './success.ts';
import { noStartBeforeDue, whatIsDueStarts } from './timing.ts';
import {
  errorsKeepTheLastGood,
  fencesNeverFall,
  livesWereListed,
  nothingIsStale,
  recordsAreVersions,
} from './written.ts';

/** By the numbers of docs/reliability.md, 6. */
export const INVARIANTS: Readonly<Record<string, Invariant>> = {
  '1 fences never fall': fencesNeverFall,
  '2 records are versions of upstream': recordsAreVersions,
  '3 nothing is stale': nothingIsStale,
  '4 errors keep the last good version': errorsKeepTheLastGood,
  '5 what lives was listed': livesWereListed,
  '5 what leaves, leaves by the rule': leavesByTheRule,
  '6 a success means all': successMeansAll,
  '7 no start before it is due': noStartBeforeDue,
  '7 what is due starts': whatIsDueStarts,
  '8 resources are apart': resourcesAreApart,
  '9 little is fetched twice': littleIsFetchedTwice,
  '9 a walk ends': walksEnd,
  '10 converges without drift': convergesWithoutDrift,
  '11 nothing leaks': nothingLeaks,
};

/** Every violation of every invariant, each with its invariant's name. */
export function violationsOf(history: History): string[] {
  return Object.entries(INVARIANTS).flatMap(([name, invariant]) =>
    invariant(history).map((fault) => `[${name}] ${fault}`),
  );
}
