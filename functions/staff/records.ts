import { html } from 'hono/html';
import type { Caller } from '../../shared/core/access.ts';
import { publicId } from '../../shared/core/record-id.ts';
import { MAIN_SOURCE } from '../../shared/core/source-names.ts';
import type { Overview } from '../../shared/reads/overview.ts';
import { recordAddress } from '../pages/addresses.ts';
import {
  fill,
  imageAddress,
  moment,
  money,
  NOTHING,
  number,
  type Markup,
  type Reader,
} from '../pages/format.ts';
import { csrfField } from '../pages/layout.ts';
import { WORDS } from '../pages/words.ts';
import { headed, titleOf } from './naming.ts';
import { changesOf } from './changes.ts';
import { reasonIn } from './reasons.ts';
import { remarkIn } from './remarks.ts';

/** The last stored records, with their picture, price and what became of them. */
export function recentRecords(
  { recent, ref }: Overview,
  reader: Reader,
  imageHosts: readonly string[],
): Markup {
  const words = WORDS[reader.language];
  if (recent.length === 0) return html`<p>${words.noRecent}</p>`;
  const cards = recent.map(({ id, title, syncedAt, change, imageUrl, price, changes }) => {
    const picture = imageAddress(imageUrl, imageHosts);
    const amount = money(price, reader.language);
    const address = recordAddress(ref, String(publicId(id)));
    return html`<li class="card">
      ${picture === null ? NOTHING : html`<img class="picture" src="${picture}" alt="" loading="lazy" />`}
      <a href="${address}">${title === '' ? id : title}</a>
      ${amount === null ? NOTHING : html`<strong class="price">${amount}</strong>`}
      <p class="minor">
        ${change === undefined ? NOTHING : html`<span class="badge busy">${words[`change_${change}`]}</span>`}
        ${moment(Date.parse(syncedAt), reader)}
      </p>
      ${changesOf(changes, reader)}
    </li>`;
  });
  return html`<ul class="products">
    ${cards}
  </ul>`;
}

/** Records in error with the reason, and a way to try them again. */
export function rejected(overview: Overview, reader: Reader, caller: Caller): Markup {
  const { rejects, resource, ref } = overview;
  const words = WORDS[reader.language];
  if (rejects.length === 0) return NOTHING;
  return html`<h3>${words.rejects}</h3>
    <div
      class="scroll"
      role="region"
      aria-label="${headed(words.rejects, titleOf(overview, words), words)}"
      tabindex="0"
    >
      <table>
        <thead>
          <tr>
            <th scope="col">${words.rejectKey}</th>
            <th scope="col">${words.rejectReason}</th>
            <th scope="col">${words.rejectFirst}</th>
            <th scope="col" class="number">${words.rejectAttempts}</th>
          </tr>
        </thead>
        <tbody>
          ${rejects.map(
            ({ key, reason, firstSeenAt, attempts }) =>
              html`<tr>
                <td>${key}</td>
                <td class="note">${reasonIn(reason, reader)}</td>
                <td>${moment(Date.parse(firstSeenAt), reader)}</td>
                <td class="number">${number(attempts, reader)}</td>
              </tr>`,
          )}
        </tbody>
      </table>
    </div>
    <form method="post" action="/inventory/api/rejects/">
      ${csrfField(caller)}
      <input type="hidden" name="resource" value="${resource.name}" />
      ${
        ref.source === MAIN_SOURCE
          ? NOTHING
          : html`<input type="hidden" name="source" value="${ref.source}" />`
      }
      <button>${words.retry}</button>
    </form>`;
}

/** Deletions that wait: why, what would go, and the two ways out. */
export function heldDeletions(
  { control: { held }, heldSample }: Overview,
  reader: Reader,
  caller: Caller,
): Markup {
  if (held === null) return NOTHING;
  const words = WORDS[reader.language];
  const count = number(held.count, reader);
  return html`<h3>${words.held}</h3>
    <p>${fill(words.heldWhy, { reason: held.why ? remarkIn(held.why, reader) : held.reason })}</p>
    <p>${fill(words.heldWhat, { count })}</p>
    <ul>
      ${heldSample.map(({ id, title }) => html`<li>${title} (${id})</li>`)}
    </ul>
    <form method="post" action="/inventory/api/held/${held.runId}/">
      ${csrfField(caller)}
      <button name="action" value="discard">${words.discard}</button>
      <button name="action" value="approve" class="danger">${words.approve}</button>
    </form>`;
}
