import type { Acquire, DetailCall, HistoryEvent } from '../history.ts';
import { RESOURCE_NAMES } from '../model.ts';
import {
  isCommit,
  isDetail,
  isPage,
  leasesOf,
  onEach,
  pageAt,
  processedBy,
  walkIn,
  type Invariant,
} from './replay.ts';

/** 8. What happens to one resource leaves the other's control record as it is. */
export const resourcesAreApart: Invariant = ({ events }) =>
  events.flatMap((event) => {
    if (!('before' in event)) return [];
    const others = RESOURCE_NAMES.filter((name) => name !== event.resource);
    return others
      .filter((name) => JSON.stringify(event.before[name]) !== JSON.stringify(event.after[name]))
      .map((name) => `a ${event.kind} of ${event.resource} changed the control record of ${name}`);
  });

/** 9. What a run has committed is not fetched again, however often it is resumed. Whoever was paused past
 *  its lease may not know what was committed: it fetches its one chunk at most, and writes nothing. Before
 *  it asks for what is missing, a run that was served no detail finds out whether any is. */
export const littleIsFetchedTwice: Invariant = onEach((events) =>
  leasesOf(events).flatMap(({ acquire, runId, events: own }) => {
    const before = events.slice(0, events.indexOf(acquire));
    const done = processedBy(before, runId);
    const run = acquire.after[acquire.resource].run;
    const firstPage = pageAt(run?.cursor ?? null);
    const calls = walkIn(own);
    const pages = calls.map(({ page }) => page);
    // Whether a list goes on behind a page that is not there, only the next one tells.
    const behindGone = new Set(calls.filter(({ isGone }) => isGone).map(({ page }) => page + 1));
    const pagesOnce = pages.filter((page) => !behindGone.has(page));
    const details = own.filter(isDetail).map(({ id }) => id);
    const held = withoutQuestions(acquire, heldPart(events, acquire, own));
    return [
      held.filter(({ id }) => done.has(id)).map(({ id }) => `${id} was fetched again by ${runId}`),
      repeated(details).map((id) => `${id} was fetched twice under one lease`),
      pages.filter((page) => page < firstPage).map((page) => `page ${page} was read again`),
      repeated(pagesOnce.map(String)).map((page) => `page ${page} was read twice under one lease`),
    ].flat();
  }),
);

/** Far more than any walk through a few records takes, also through a list that comes round. */
const MOST_PAGES = 200;

/** 9. A walk ends: a list that says nothing of its end, and changes meanwhile, is not gone round for ever. */
export const walksEnd: Invariant = onEach((events) =>
  leasesOf(events).flatMap(({ runId, events: own }) => {
    const { length: pages } = own.filter(isPage);
    return pages > MOST_PAGES ? [`${runId} asked for ${pages} pages under one lease`] : [];
  }),
);

const MOST_QUESTIONS = 3;

/** The details that a lease's holder asked for, but for those that tell whether details are served: the
 *  first of a closing run that was served none, up to one that is served. */
function withoutQuestions(acquire: Acquire, held: readonly HistoryEvent[]): readonly DetailCall[] {
  const details = held.filter(isDetail);
  const closesAt = [acquire, ...held].findIndex(isClosing);
  const listing = closesAt < 0 ? details : held.slice(0, closesAt).filter(isDetail);
  if (listing.some(isServed)) return details;
  const closing = details.slice(listing.length);
  const servedAt = closing.findIndex(isServed);
  const questions = Math.min(servedAt < 0 ? closing.length : servedAt + 1, MOST_QUESTIONS);
  return [...listing, ...closing.slice(questions)];
}

const isServed = ({ failure }: DetailCall): boolean => failure === null;

const isClosing = (event: HistoryEvent): boolean =>
  (event.kind === 'acquire' || isCommit(event)) &&
  event.after[event.resource].run?.phase === 'closing';

const repeated = (values: readonly string[]): string[] =>
  values.filter((value, at) => values.indexOf(value) !== at);

/** What a lease's holder did before another took it. */
function heldPart(
  events: readonly HistoryEvent[],
  acquire: Acquire,
  own: readonly HistoryEvent[],
): readonly HistoryEvent[] {
  const later = events.slice(events.indexOf(acquire) + 1);
  const end = later.findIndex((event) => event.kind === 'acquire' && event.ok);
  const held = new Set(end < 0 ? later : later.slice(0, end));
  return own.filter((event) => held.has(event));
}
