import { html } from 'hono/html';
import type { RunSummary } from '../../shared/core/control.ts';
import { STATUS_PAGE_PATH } from '../../shared/deployment.ts';
import type { Overview } from '../../shared/reads/overview.ts';
import { fill, moment, NOTHING, number, span, type Markup, type Reader } from '../pages/format.ts';
import { WORDS } from '../pages/words.ts';
import { diagnosis, levelOf } from './diagnosis.ts';
import { headed, idOf, titleOf } from './naming.ts';
import { noteOf } from './remarks.ts';

/** How it is, in one word and in a sentence, with the figures and a running sync's progress. */
export function glance(overview: Overview, reader: Reader): Markup {
  const words = WORDS[reader.language];
  const { control, state } = overview;
  const { lastSuccessAtMs, nextDueAtMs, liveCount, rejectCount } = control;
  const name = titleOf(overview, words);
  const id = idOf(overview);
  const isToDecide = rejectCount > 0 || control.held !== null;
  const toDetails = fill(words.details, { name });
  const next = nextDueAtMs <= reader.nowMs ? words.atOnce : moment(nextDueAtMs, reader);
  return html`<section id="${id}-glance" class="glance" aria-labelledby="${id}-name" data-live>
    <h2 id="${id}-name">${name}</h2>
    <span class="badge ${levelOf(overview)}">${words[`state_${state}`]}</span>
    <p role="status">${diagnosis(overview, reader)}</p>
    ${
      rejectCount === 0
        ? NOTHING
        : html`<p>${fill(words.rejectsSay, { count: number(rejectCount, reader) })}</p>`
    }
    ${isToDecide ? html`<p><a href="${STATUS_PAGE_PATH}/#${id}-rest">${toDetails}</a></p>` : NOTHING}
    ${progress(overview, reader)}
    <dl>
      <div>
        <dt>${words.lastSuccess}</dt>
        <dd>${lastSuccessAtMs === null ? words.never : moment(lastSuccessAtMs, reader)}</dd>
      </div>
      <div>
        <dt>${words.nextSync}</dt>
        <dd>${next}</dd>
      </div>
      <div>
        <dt>${words.stored}</dt>
        <dd>${number(liveCount, reader)}</dd>
      </div>
      <div>
        <dt>${words.inError}</dt>
        <dd>${number(rejectCount, reader)}</dd>
      </div>
    </dl>
  </section>`;
}

/** How far a running or paused sync is; nothing when there is none. */
function progress(overview: Overview, reader: Reader): Markup {
  const words = WORDS[reader.language];
  const { run } = overview.control;
  if (run === null) return NOTHING;
  const done = run.stats.total;
  const tookMs = run.checkpointAtMs - run.startedAtMs;
  const perSecond = tookMs > 0 ? (done * 1000) / tookMs : 0;
  const label = words.progress.replace('{name}', titleOf(overview, words));
  const figures = { done: number(done, reader), rate: number(perSecond, reader) };
  if (run.expected === null) return html`<p>${fill(words.progressUnknown, figures)}</p>`;
  const isGoing = overview.state !== 'paused' && perSecond > 0;
  const leftMs = isGoing ? ((run.expected - done) * 1000) / perSecond : null;
  const left = leftMs === null ? words.unknownLeft : span(leftMs);
  return html`<progress aria-label="${label}" max="${run.expected}" value="${done}"></progress>
    <p>${fill(words.progressOf, { ...figures, expected: number(run.expected, reader), left })}</p>`;
}

/** Where the script draws the table with this id. @param times how many of its first values are times */
export const chartOf = (id: string, label: string, times: number): Markup =>
  html`<div
    class="chart"
    role="img"
    aria-label="${label}"
    data-chart="${id}"
    data-times="${times}"
    hidden
  ></div>`;

/** The last runs as a table; with the script, as a picture too. */
export function history(overview: Overview, reader: Reader): Markup {
  const words = WORDS[reader.language];
  const { runs } = overview;
  const name = titleOf(overview, words);
  const id = idOf(overview);
  if (runs.length === 0) return html`<p>${words.noRuns}</p>`;
  const label = words.chart.replace('{name}', name);
  return html`${chartOf(`${id}-runs`, label, 1)}
    <div class="scroll" role="region" aria-label="${headed(words.runs, name, words)}" tabindex="0">
      <table id="${id}-runs">
        <thead>
          <tr>
            <th scope="col">${words.runStart}</th>
            <th scope="col">${words.runOutcome}</th>
            ${[
              words.runDuration,
              words.runCreated,
              words.runUpdated,
              words.runRemoved,
              words.runErrors,
            ].map((title) => html`<th scope="col" class="number">${title}</th>`)}
            <th scope="col">${words.runTrigger}</th>
            <th scope="col">${words.runNote}</th>
          </tr>
        </thead>
        <tbody>
          ${runs.map((run) => runRow(run, reader))}
        </tbody>
      </table>
    </div>`;
}

function runRow(run: RunSummary, reader: Reader): Markup {
  const words = WORDS[reader.language];
  const { created, updated, removed, errors } = run.stats;
  const seconds = Math.max(0, run.finishedAtMs - run.startedAtMs) / 1000;
  const counts = [created, updated, removed, errors];
  return html`<tr
    data-at="${run.startedAtMs / 1000}"
    data-values="${[seconds, ...counts].join(' ')}"
  >
    <td>${moment(run.startedAtMs, reader)}</td>
    <td>${words[`outcome_${run.outcome}`]}</td>
    <td class="number">${number(seconds, reader)}</td>
    ${counts.map((count) => html`<td class="number">${number(count, reader)}</td>`)}
    <td>${words[`trigger_${run.trigger}`]}</td>
    <td class="note">${noteOf(run, reader)}</td>
  </tr>`;
}
