import { html } from 'hono/html';
import type { RunSummary } from '../../shared/core/control.ts';
import {
  errorRate,
  inVain,
  latencyMsAt,
  mergedHealth,
  NO_HEALTH,
  type UpstreamHealth,
} from '../../shared/core/health.ts';
import type { Overview } from '../../shared/reads/overview.ts';
import { fill, moment, number, type Markup, type Reader } from '../pages/format.ts';
import { WORDS, type Words } from '../pages/words.ts';
import { chartOf } from './parts.ts';
import { headed, idOf, titleOf } from './naming.ts';

/** More than this part of the requests is worth a word. */
const NOTABLE = 0.01;
/** So many times slower than usual, too. */
const SLOWER = 2;
/** Nobody minds what is still quicker than this. */
const QUICK_MS = 100;

/** How the supplier did over the last runs: in words, in figures, and run by run. */
export function supplierHealth(overview: Overview, reader: Reader): Markup {
  const words = WORDS[reader.language];
  const asking = overview.runs.filter(isMeasured);
  if (asking.length === 0) return html`<p>${words.noHealth}</p>`;
  const all = asking.reduce((sum, { health }) => mergedHealth(sum, health), NO_HEALTH);
  const verdict = verdictOn(asking[0]?.health ?? NO_HEALTH, all);
  const retries = asking.reduce((sum, { stats }) => sum + stats.retries, 0);
  const percent = (part: number) => `${number(100 * part, reader)}\u00a0%`;
  const figures: readonly (readonly [string, string])[] = [
    [words.median, time(latencyMsAt(all, 0.5), reader)],
    [words.p95, time(latencyMsAt(all, 0.95), reader)],
    [words.errorRate, `${percent(errorRate(all))} (${number(inVain(all), reader)})`],
    [words.refusals, number(all.refused, reader)],
    [words.overloads, number(all.overloaded, reader)],
    [words.requests, number(all.requests, reader)],
    [words.repeated, number(retries, reader)],
  ];
  return html`<p>
      ${fill(words[verdict], { error: percent(errorRate(asking[0]?.health ?? all)) })}
    </p>
    <dl>
      ${figures.map(
        ([name, figure]) =>
          html`<div>
            <dt>${name}</dt>
            <dd>${figure}</dd>
          </div>`,
      )}
    </dl>
    <p class="minor">
      ${asking.length === 1 ? words.overOneRun : fill(words.overRuns, { count: number(asking.length, reader) })}
    </p>
    ${byRun(asking, overview, reader)}`;
}

type Measured = RunSummary & { readonly health: UpstreamHealth };

/** A run that only carried out deletions asked the supplier nothing. */
const isMeasured = (run: RunSummary): run is Measured => (run.health?.requests ?? 0) > 0;

/** The worst thing to say of the last run; a slower one is slower than all of them together. */
function verdictOn(last: UpstreamHealth, all: UpstreamHealth): keyof Words {
  const notable = last.requests * NOTABLE;
  if (last.refused > 0) return 'health_refused';
  if (inVain(last) > last.requests / 2) return 'health_down';
  if (last.failed > notable) return 'health_errors';
  if (last.overloaded > notable) return 'health_overloaded';
  const [now, usual] = [latencyMsAt(last, 0.5), latencyMsAt(all, 0.5)];
  const isSlow = now !== null && usual !== null && now > Math.max(SLOWER * usual, QUICK_MS);
  return isSlow ? 'health_slow' : 'health_good';
}

const time = (ms: number | null, reader: Reader): string =>
  ms === null ? WORDS[reader.language].nothing : `${number(ms, reader)} ms`;

/** Run by run as a table; with the script, as a picture too. */
function byRun(runs: readonly Measured[], overview: Overview, reader: Reader): Markup {
  const words = WORDS[reader.language];
  const name = titleOf(overview, words);
  const id = `${idOf(overview)}-health`;
  const titles = [
    words.runStart,
    words.requests,
    `${words.median} (ms)`,
    `${words.p95} (ms)`,
    words.errors,
    words.refusedOrOverloaded,
  ];
  return html`${chartOf(id, words.healthChart.replace('{name}', name), 2)}
    <div
      class="scroll"
      role="region"
      aria-label="${headed(words.supplier, name, words)}"
      tabindex="0"
    >
      <table id="${id}">
        <thead>
          <tr>
            ${titles.map((title, at) => html`<th scope="col" class="${at === 0 ? '' : 'number'}">${title}</th>`)}
          </tr>
        </thead>
        <tbody>
          ${runs.map((run) => healthRow(run, reader))}
        </tbody>
      </table>
    </div>`;
}

function healthRow({ startedAtMs, health }: Measured, reader: Reader): Markup {
  const [median, p95] = [latencyMsAt(health, 0.5), latencyMsAt(health, 0.95)];
  const refusals = health.refused + health.overloaded;
  const { nothing } = WORDS[reader.language];
  const drawn = [median ?? 0, p95 ?? 0, health.failed, refusals];
  return html`<tr data-at="${startedAtMs / 1000}" data-values="${drawn.join(' ')}">
    <td>${moment(startedAtMs, reader)}</td>
    <td class="number">${number(health.requests, reader)}</td>
    <td class="number">${median === null ? nothing : number(median, reader)}</td>
    <td class="number">${p95 === null ? nothing : number(p95, reader)}</td>
    <td class="number">${number(health.failed, reader)}</td>
    <td class="number">${number(refusals, reader)}</td>
  </tr>`;
}
