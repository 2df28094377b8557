import type { Caller } from '../../shared/core/access.ts';
import { ReadError } from '../../shared/reads/errors.ts';
import { originOf, type HttpEvent } from './event.ts';

const FOREIGN = 'A page of another site sent this, so it was not done. Do it on the page itself.';
const STALE = 'This form is from before you signed in. Reload its page and send it again.';

/**
 * Takes a change of somebody's session only from our own page: same origin by what the browser says,
 * and with the session's own token. Programs send no cookie that a foreign page could use.
 * @throws ReadError `foreign_form`
 */
export function assertOwnForm(event: HttpEvent, caller: Caller, csrf: string | undefined): void {
  if (caller.kind !== 'session') return;
  if (!isSameOrigin(event)) throw new ReadError('foreign_form', FOREIGN);
  if (caller.csrf === null || csrf !== caller.csrf) throw new ReadError('foreign_form', STALE);
}

/** Under `Referrer-Policy: no-referrer` a form's `Origin` is `null` even on its own page, so that
 *  `Sec-Fetch-Site` goes first; only browsers too old for it are judged by `Origin`. */
function isSameOrigin(event: HttpEvent): boolean {
  const site = event.headers['sec-fetch-site'];
  if (site !== undefined) return site === 'same-origin';
  return event.headers['origin'] === originOf(event);
}
