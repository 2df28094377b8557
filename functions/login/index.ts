import { CALLBACK_PATH, STATUS_PAGE_PATH } from '../../shared/deployment.ts';
import { sealSession, sessionCookie, type SignedIn } from '../access/session.ts';
import { originOf } from '../http/event.ts';
import { redirect, type HttpResult } from '../http/result.ts';
import { addressOf } from '../http/route.ts';
import { languageOf } from '../pages/language.ts';
import { noticePage, type Notice } from '../pages/notice.ts';
import { httpHandler, type Call, type Operation } from '../read-handler.ts';
import type { Lazy } from '../services.ts';
import { IssuerUnreachableError } from './issuer-client.ts';
import { beganLogin, leftLogins, loginCookie, noLoginCookie } from './login-state.ts';
import { logoutOperation } from './logout.ts';
import { ownPath } from './own-path.ts';
import { loginServices, type LoginServices } from './services.ts';

/** People sign in with the shop's issuer, and out again. */
export const createHandler = (services: Lazy<LoginServices>) =>
  httpHandler({
    name: 'login',
    services,
    operations: { login: loginOperation, callback: callbackOperation, logout: logoutOperation },
  });

const loginOperation: Operation<LoginServices> = async (call, services) => {
  const { event } = call;
  const { signed_out: signedOut } = event.queryStringParameters;
  const issuer = await services.issuer();
  if (issuer === null)
    return noticePage(503, 'no_issuer', languageOf(event.headers['accept-language']), {
      retry: null,
    });
  if (signedOut !== undefined) {
    const more = await issuer.signOutUrl(`${originOf(event)}/`).catch(() => null);
    return notice(call, 200, 'signed_out', more);
  }
  const back = ownPath(event.queryStringParameters['return']);
  const secret = await services.sessionSecret();
  try {
    const { url, login } = await issuer.begin(callbackUri(call), back);
    const cookie = await loginCookie(login, { secret, nowMs: services.clock.nowMs() });
    return redirect(url, [...leftLogins(event.cookies), cookie]);
  } catch (error) {
    services.log.error('issuer_unreachable', { error });
    return notice(call, 503, 'issuer_down');
  }
};

const callbackOperation: Operation<LoginServices> = async (call, services) => {
  const { event } = call;
  const secret = await services.sessionSecret();
  const nowMs = services.clock.nowMs();
  const issuer = await services.issuer();
  const { state = '' } = event.queryStringParameters;
  const login = await beganLogin(event.cookies, state, { secret, nowMs });
  if (issuer === null || login === null) return notice(call, 400, 'login_over');
  const answered = new URL(callbackUri(call));
  answered.search = new URLSearchParams(defined(event.queryStringParameters)).toString();
  let person: SignedIn;
  try {
    person = await issuer.finish(answered, login);
  } catch (error) {
    if (error instanceof IssuerUnreachableError) {
      services.log.error('issuer_unreachable', { error });
      return notice(call, 503, 'issuer_down');
    }
    services.log.warn('login_refused', { error });
    return notice(call, 403, 'login_refused');
  }
  const sealed = await sealSession(person, { secret, csrf: services.newSecret(), nowMs });
  services.log.info('signed_in', { subject: person.subject, scopes: person.scopes });
  return redirect(login.back, [sessionCookie(sealed), noLoginCookie(state)]);
};

/** The address that the issuer knows: without query, always the same. */
const callbackUri = ({ event }: Call): string => `${originOf(event)}${CALLBACK_PATH}`;

const notice = (
  { event, taken }: Call,
  status: number,
  which: Notice,
  link: string | null = null,
): Promise<HttpResult> =>
  noticePage(status, which, languageOf(event.headers['accept-language']), {
    retry: addressOf(event, { ...taken, route: { ...taken.route, path: STATUS_PAGE_PATH } }, {}),
    link,
  });

const defined = (query: Readonly<Record<string, string | undefined>>): Record<string, string> =>
  Object.fromEntries(
    Object.entries(query).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])),
  );

export const handler = createHandler(loginServices);
