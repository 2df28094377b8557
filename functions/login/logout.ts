import { LOGIN_PATH } from '../../shared/deployment.ts';
import { NO_SESSION_COOKIE } from '../access/session.ts';
import { bodyOf, whoAsks } from '../http/event.ts';
import { redirect } from '../http/result.ts';
import { assertOwnForm } from '../http/same-origin.ts';
import type { Call } from '../read-handler.ts';

/** Takes the session away from this browser, and says so. The issuer's own session is the issuer's:
 *  a form may not lead to another site, so the page that follows offers the way there. */
export async function logoutOperation({ event }: Call) {
  const who = whoAsks(event);
  const csrf = new URLSearchParams(bodyOf(event)).get('csrf') ?? undefined;
  if (who.kind === 'anonymous') throw new Error('the route is for who has signed in');
  assertOwnForm(event, who, csrf);
  return redirect(`${LOGIN_PATH}/?signed_out=1`, [NO_SESSION_COOKIE]);
}
