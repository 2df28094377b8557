import type { MiddlewareObj } from '@middy/core';
import {
  ConfigurationError,
  StoreUnavailableError,
  WorkerSilentError,
  WorkerStartError,
} from '../../shared/core/errors.ts';
import { LOGIN_PATH, STATUS_PAGE_PATH } from '../../shared/deployment.ts';
import { ReadError, type ReadFault } from '../../shared/reads/errors.ts';
import { wantsPage, whoAsks, type HttpEvent } from '../http/event.ts';
import { redirect, textResult, type HttpResult } from '../http/result.ts';
import { languageOf } from '../pages/language.ts';
import { noticePage, type Notice } from '../pages/notice.ts';
import type { Lazy, ReadServices } from '../services.ts';

interface Problem {
  readonly status: number;
  readonly code:
    ReadFault | 'store_unavailable' | 'worker_unavailable' | 'worker_silent' | 'internal_error';
  readonly title: string;
  readonly detail: string;
  readonly headers?: Readonly<Record<string, string>>;
}

const READ_FAULTS: Readonly<
  Record<ReadFault, { readonly status: number; readonly title: string }>
> = {
  bad_parameter: { status: 400, title: 'A query parameter is not valid' },
  bad_cursor: { status: 400, title: 'The cursor is not valid' },
  reads_closed: { status: 401, title: 'Reads are closed' },
  not_found: { status: 404, title: 'Not found' },
  method_not_allowed: { status: 405, title: 'Method not allowed' },
  not_signed_in: { status: 401, title: 'Sign in first' },
  not_allowed: { status: 403, title: 'Not allowed' },
  foreign_form: { status: 403, title: 'This form can’t be taken' },
};

/** What is wrong with what was sent, where the fault alone tells of a query. */
const SENT_TITLE = 'The request is not valid';

/** Seconds after which a client may ask again when the store is down, or no worker starts. */
const RETRY_SECONDS = 5;

/**
 * Turns what a handler throws into RFC 9457 problem details that say what to do. `error`, `count` and
 * `results` are for old clients, which read nothing else. What nobody foresaw is logged and told as
 * 500 without a word of it. A function that is not configured fails as such: its log names the setting.
 */
export function problemDetails(
  services: Lazy<Pick<ReadServices, 'log'>>,
): MiddlewareObj<HttpEvent, HttpResult> {
  return {
    onError: async (request) => {
      const { error } = request;
      if (error instanceof ConfigurationError) return;
      const problem = problemOf(error, request.event);
      if (problem.status >= 500)
        services().log.error('request_failed', { code: problem.code, error });
      request.response = isForPerson(request.event, problem)
        ? await problemPage(problem, request.event)
        : problemResult(problem);
    },
  };
}

/** An address of the API answers programs, some of which accept HTML too. People are there who sent one
 *  of our forms, or who came by a browser and have to sign in first. */
function isForPerson(event: HttpEvent, { code }: Problem): boolean {
  const { headers, rawPath } = event;
  const isOfApi = API_PATHS.some((start) => rawPath.startsWith(start));
  if (!isOfApi || !isRead(event)) return wantsPage(event);
  return wantsPage(event) && headers['sec-fetch-mode'] === 'navigate' && needsLogin(code);
}

const API_PATHS = ['/api/', '/inventory/api/'];

/** Where staff are; anybody else is a visitor of the shop. */
const isOfStaff = (path: string): boolean => `${path}/`.startsWith('/inventory/');

const isRead = ({ requestContext }: HttpEvent): boolean => requestContext.http.method === 'GET';

const needsLogin = (code: Problem['code']): boolean =>
  code === 'not_signed_in' || code === 'reads_closed';

function problemOf(error: unknown, event: HttpEvent): Problem {
  if (error instanceof ReadError) {
    const { fault, message, allow } = error;
    const { status, title: usual } = READ_FAULTS[fault];
    const isSent = fault === 'bad_parameter' && !isRead(event);
    const title = isSent ? SENT_TITLE : usual;
    const headers = {
      ...(status === 401 && { 'www-authenticate': 'Bearer' }),
      ...(allow.length > 0 && { allow: allow.join(', ') }),
    };
    return { status, title, code: fault, detail: message, headers };
  }
  if (error instanceof StoreUnavailableError) {
    return {
      status: 503,
      code: 'store_unavailable',
      title: 'The catalogue can’t be read now',
      detail: `The store does not answer. Ask again in ${RETRY_SECONDS} seconds.`,
      headers: { 'retry-after': String(RETRY_SECONDS) },
    };
  }
  if (error instanceof WorkerStartError) {
    return {
      status: 503,
      code: 'worker_unavailable',
      title: 'Nothing can be started now',
      detail: `The worker can’t be started, and nothing was done. Ask again in ${RETRY_SECONDS} seconds; if it lasts, look at the logs of staff.`,
      headers: { 'retry-after': String(RETRY_SECONDS) },
    };
  }
  if (error instanceof WorkerSilentError) {
    return {
      status: 503,
      code: 'worker_silent',
      title: 'It is not known whether it was started',
      detail:
        'The worker was told and no answer came: what you asked for may be done. Look at the status before you ask again.',
      headers: { 'retry-after': String(RETRY_SECONDS) },
    };
  }
  return {
    status: 500,
    code: 'internal_error',
    title: 'Something went wrong here',
    detail: 'The request could not be answered. It is logged; ask again, or tell the shop’s staff.',
  };
}

function problemResult({ status, code, title, detail, headers = {} }: Problem): HttpResult {
  const type = `urn:b2b-catalog-sync:problem:${code}`;
  const body = { type, title, status, detail, code, error: detail, count: 0, results: [] };
  return textResult(status, 'application/problem+json', JSON.stringify(body), {
    'cache-control': 'no-store',
    ...headers,
  });
}

/** For a browser: who is not signed in is sent to sign in, and back; anything else is said on a page. */
async function problemPage(
  { status, code, headers = {} }: Problem,
  event: HttpEvent,
): Promise<HttpResult> {
  const { headers: asked, rawPath, rawQueryString } = event;
  if (needsLogin(code) && isRead(event)) {
    const query = rawQueryString === '' ? '' : `?${rawQueryString}`;
    return redirect(
      `${LOGIN_PATH}/?${new URLSearchParams({ return: rawPath + query }).toString()}`,
    );
  }
  const language = languageOf(asked['accept-language']);
  const other = isRead(event) ? 'bad_address' : 'bad_request';
  const who = whoAsks(event);
  const caller = who.kind === 'anonymous' ? undefined : who;
  const way = isOfStaff(rawPath)
    ? ({ place: 'staff', retry: `${STATUS_PAGE_PATH}/` } as const)
    : ({ place: 'shop', retry: '/' } as const);
  const page = await noticePage(status, NOTICES[code] ?? other, language, { ...way, caller });
  return { ...page, headers: { ...page.headers, ...headers } };
}

const NOTICES: Readonly<Partial<Record<Problem['code'], Notice>>> = {
  not_allowed: 'not_allowed',
  not_found: 'not_found',
  method_not_allowed: 'not_found',
  foreign_form: 'foreign_form',
  not_signed_in: 'login_over',
  store_unavailable: 'down',
  worker_unavailable: 'not_started',
  worker_silent: 'maybe_started',
  internal_error: 'down',
};
