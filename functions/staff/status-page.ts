import { html } from 'hono/html';
import type { Caller } from '../../shared/core/access.ts';
import type { Overview } from '../../shared/reads/overview.ts';
import type { HttpResult } from '../http/result.ts';
import { fill, NOTHING, type Markup, type Reader } from '../pages/format.ts';
import { pageResult } from '../pages/layout.ts';
import { WORDS, type Words } from '../pages/words.ts';
import { supplierHealth } from './health.ts';
import { idOf, titleOf } from './naming.ts';
import { glance, history } from './parts.ts';
import { heldDeletions, recentRecords, rejected } from './records.ts';

/** A text that answers what somebody just did, for example `answer_retry`. */
export type AnswerKey = Extract<keyof Words, `answer_${string}`>;

export interface StatusPage {
  readonly overviews: readonly Overview[];
  readonly reader: Reader;
  readonly caller: Caller;
  readonly imageHosts: readonly string[];
  /** What came of the form that led here. */
  readonly answer: AnswerKey | null;
}

/** While a sync runs, or somebody waits for what they asked for, the page looks for news this often, else
 *  less often; milliseconds. */
function refreshMsOf(overviews: readonly Overview[], answer: AnswerKey | null): number {
  if (overviews.some(({ state }) => state === 'running')) return 1_000;
  return answer === null ? 10_000 : 2_000;
}

/** How long a retry that has ended is taken for the one that was asked for, milliseconds. */
const RESULT_IS_NEW_MS = 60_000;

/** Whether what a form asked for has, as far as the page can see, not come yet. */
function isAwaited(
  answer: AnswerKey | null,
  overviews: readonly Overview[],
  { nowMs }: Reader,
): boolean {
  if (answer === 'answer_approve' || answer === 'answer_discard')
    return overviews.some(({ control }) => control.held !== null);
  const retries = overviews.flatMap(({ runs }) => runs.filter(({ scope }) => scope === 'rejects'));
  const isOver = retries.some(({ finishedAtMs }) => nowMs - finishedAtMs < RESULT_IS_NEW_MS);
  return answer === 'answer_retry' && !isOver;
}

/** The status page: at a glance first, the rest below. */
export function statusPage({
  overviews,
  reader,
  caller,
  imageHosts,
  answer,
}: StatusPage): Promise<HttpResult> {
  const words = WORDS[reader.language];
  const main = html`<div id="answer" data-live>
      ${answer === null ? NOTHING : html`<p class="answer" role="status">${words[answer]}</p>`}
    </div>
    ${bySource(overviews).map(
      (own) => html`<div class="glances">${own.map((overview) => glance(overview, reader))}</div>`,
    )}
    ${overviews.map((overview) => details({ overview, reader, caller, imageHosts }))}`;
  const refreshMs = refreshMsOf(overviews, answer);
  const isRunning = overviews.some(({ state }) => state === 'running');
  const isUnderWay = isRunning || isAwaited(answer, overviews, reader);
  return pageResult(200, { title: words.status, main, reader, caller, refreshMs, isUnderWay });
}

/** A row for each source. */
const bySource = (overviews: readonly Overview[]): readonly (readonly Overview[])[] => [
  ...Map.groupBy(overviews, ({ ref }) => ref.source).values(),
];

function details({
  overview,
  reader,
  caller,
  imageHosts,
}: Omit<StatusPage, 'overviews' | 'answer'> & { readonly overview: Overview }): Markup {
  const words = WORDS[reader.language];
  const id = idOf(overview);
  const title = `${id}-details`;
  return html`<section id="${id}-rest" aria-labelledby="${title}" data-live>
    <h2 id="${title}">${fill(words.details, { name: titleOf(overview, words) })}</h2>
    ${heldDeletions(overview, reader, caller)} ${rejected(overview, reader, caller)}
    <h3>${words.runs}</h3>
    ${history(overview, reader)}
    <h3>${words.supplier}</h3>
    ${supplierHealth(overview, reader)}
    <h3>${words.recent}</h3>
    ${recentRecords(overview, reader, imageHosts)}
  </section>`;
}
