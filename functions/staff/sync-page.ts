import { html, raw } from 'hono/html';
import { decodeTime } from 'ulid';
import { allows, type Caller } from '../../shared/core/access.ts';
import type { RunSummary } from '../../shared/core/control.ts';
import { catalogSlug } from '../../shared/core/source-names.ts';
import { RUNS_SHOWN, type Overview } from '../../shared/reads/overview.ts';
import type { HttpResult } from '../http/result.ts';
import { syncAddress } from '../pages/addresses.ts';
import { fill, moment, NOTHING, number, span, type Markup, type Reader } from '../pages/format.ts';
import { csrfField, pageResult } from '../pages/layout.ts';
import { knownWord, WORDS, type Words } from '../pages/words.ts';
import { idOf, ofSource } from './naming.ts';
import { glance, history } from './parts.ts';
import { noteOf } from './remarks.ts';
import type { AnswerKey } from './status-page.ts';

export interface SyncPage {
  readonly overview: Overview;
  /** Names of all that there are. */
  readonly sources: readonly string[];
  readonly reader: Reader;
  readonly caller: Caller;
  /** The run that the form before started, or null. */
  readonly runId: string | null;
  readonly answer: AnswerKey | null;
  /** What `{next}` in the answer stands for. */
  readonly nextMs: number | null;
}

/** Sync now or force: what it costs before, what came of it after. */
export function syncPage(statusCode: number, page: SyncPage): Promise<HttpResult> {
  const { overview, sources, reader, caller, runId, answer, nextMs } = page;
  const words = WORDS[reader.language];
  const { name } = overview.resource;
  const action = knownWord(words, `syncOf_${name}`) ?? words.syncOf_other.replace('{name}', name);
  const title = ofSource(action, overview);
  const next = nextMs === null ? words.atOnce : moment(nextMs, reader);
  const main = html`${
      answer === null
        ? NOTHING
        : html`<p class="answer" role="status">${fill(words[answer], { next })}</p>`
    }
    ${otherSources(overview, sources, words)}
    ${runId === null ? NOTHING : outcome(overview, runId, reader)} ${glance(overview, reader)}
    <section aria-labelledby="cost">
      <h2 id="cost">${words.cost}</h2>
      <p>${cost(overview, reader)}</p>
      ${form(overview, caller, reader)}
    </section>
    <section id="${idOf(overview)}-history" aria-labelledby="history" data-live>
      <h2 id="history">${words.runs}</h2>
      ${history(overview, reader)}
    </section>`;
  const isWaiting = runId !== null && stageOf(overview, runId, reader.nowMs).is === 'awaited';
  const isRunning = overview.state === 'running' || answer === 'answer_running';
  const isUnderWay = (isWaiting || isRunning) && overview.state !== 'paused';
  const refreshMs = isUnderWay ? 1_000 : 10_000;
  return pageResult(statusCode, { title, main, reader, caller, refreshMs, isUnderWay });
}

/** The same page of the other sources; nothing where there is one. */
function otherSources({ ref }: Overview, sources: readonly string[], words: Words): Markup {
  if (sources.length === 1) return NOTHING;
  return html`<nav aria-label="${words.sources}">
    <ul class="sources">
      ${sources.map((source) => {
        const address = syncAddress({ ...ref, source });
        const current = source === ref.source ? raw('aria-current="page"') : NOTHING;
        return html`<li><a href="${address}" ${current}>${source}</a></li>`;
      })}
    </ul>
  </nav>`;
}

function form({ ref }: Overview, caller: Caller, reader: Reader): Markup {
  const words = WORDS[reader.language];
  const mayForce = allows(caller.scopes, 'sync:force');
  return html`<form method="post" action="${syncAddress(ref)}">
    ${csrfField(caller)}
    <button>${words.syncNow}</button>
    ${
      mayForce
        ? html`<button name="force" value="true">${words.force}</button>
            <p class="minor">${words.forceSay}</p>`
        : html`<p class="minor">${words.forceNot}</p>`
    }
  </form>`;
}

function cost({ runs, control }: Overview, reader: Reader): Markup {
  const words = WORDS[reader.language];
  const whole = runs.find(({ scope, outcome: ended }) => scope === 'full' && ended === 'completed');
  if (whole === undefined)
    return fill(control.lastSuccessAtMs === null ? words.costUnknown : words.costOld);
  const duration = span(whole.finishedAtMs - whole.startedAtMs);
  const requests = number(whole.stats.upstream_requests, reader);
  return fill(words.costSay, { duration, requests });
}

/** How long a run that was asked for may take to begin, milliseconds. */
const BEGINS_WITHIN_MS = 60_000;

type Stage =
  | { readonly is: 'ended'; readonly run: RunSummary }
  | { readonly is: 'awaited'; readonly hasBegun: boolean }
  | { readonly is: 'missing' };

/** What became of the run that was asked for. Where another served it (a run that was unfinished, or that
 *  began at the same moment), it is the first whole one that ended since. */
function stageOf({ runs, control }: Overview, runId: string, nowMs: number): Stage {
  const askedAtMs = decodeTime(runId);
  const own = runs.find((run) => run.runId === runId);
  // Only where the history reaches back to when it was asked for.
  const isAll = runs.length < RUNS_SHOWN || (runs.at(-1)?.finishedAtMs ?? 0) < askedAtMs;
  const since = isAll
    ? runs.findLast((run) => run.scope === 'full' && run.finishedAtMs >= askedAtMs)
    : undefined;
  if (own !== undefined) return { is: 'ended', run: own };
  if (control.run !== null) return { is: 'awaited', hasBegun: true };
  if (since !== undefined) return { is: 'ended', run: since };
  const isEarly = nowMs < askedAtMs + BEGINS_WITHIN_MS;
  return isEarly ? { is: 'awaited', hasBegun: false } : { is: 'missing' };
}

function outcome(overview: Overview, runId: string, reader: Reader): Markup {
  const words = WORDS[reader.language];
  const stage = stageOf(overview, runId, reader.nowMs);
  const ended = stage.is === 'ended' ? stage.run : undefined;
  const id = `${catalogSlug(overview.ref)}-result`;
  const isPaused = overview.state === 'paused';
  const text =
    ended === undefined ? fill(words[wordOf(stage, isPaused)]) : figuresOf(ended, reader);
  return html`<section id="${id}" aria-labelledby="${id}-title" data-live>
    <h2 id="${id}-title">${words.result}</h2>
    <p role="status">${text}</p>
    ${ended?.note ? html`<p class="note">${noteOf(ended, reader)}</p>` : NOTHING}
  </section>`;
}

function wordOf(
  stage: Stage,
  isPaused: boolean,
): 'resultRunning' | 'resultPaused' | 'resultStarting' | 'resultNone' {
  if (stage.is !== 'awaited') return 'resultNone';
  if (!stage.hasBegun) return 'resultStarting';
  return isPaused ? 'resultPaused' : 'resultRunning';
}

function figuresOf(run: RunSummary, reader: Reader): Markup {
  const words = WORDS[reader.language];
  const { total, created, updated, unchanged, removed, errors } = run.stats;
  return fill(words.resultEnded, {
    outcome: words[`outcome_${run.outcome}`],
    total: number(total, reader),
    created: number(created, reader),
    updated: number(updated, reader),
    unchanged: number(unchanged, reader),
    removed: number(removed, reader),
    errors: number(errors, reader),
    duration: span(run.finishedAtMs - run.startedAtMs),
  });
}
