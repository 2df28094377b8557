import type { MiddlewareObj } from '@middy/core';
import { ConfigurationError, StoreUnavailableError } from '../../shared/core/errors.ts';
import { ReadError, type ReadFault } from '../../shared/reads/errors.ts';
import { textResult, type HttpResult } from '../http/result.ts';
import type { Lazy, ReadServices } from '../services.ts';

interface Problem {
  readonly status: number;
  readonly code: ReadFault | 'store_unavailable' | 'internal_error';
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
};

/** Seconds after which a client may ask again when the store is down. */
const STORE_RETRY_SECONDS = 5;

/**
 * Turns what a handler throws into RFC 9457 problem details that say what to do. `error`, `count` and
 * `results` are for old clients, which read nothing else. What nobody foresaw is logged and told as
 * 500 without a word of it. A function that is not configured fails as such: its log names the setting.
 */
export function problemDetails(
  services: Lazy<Pick<ReadServices, 'log'>>,
): MiddlewareObj<unknown, HttpResult> {
  return {
    onError: (request) => {
      const { error } = request;
      if (error instanceof ConfigurationError) return;
      const problem = problemOf(error);
      if (problem.status >= 500) services().log.error('read_failed', { code: problem.code, error });
      request.response = problemResult(problem);
    },
  };
}

function problemOf(error: unknown): Problem {
  if (error instanceof ReadError) {
    const { fault, message } = error;
    const headers = fault === 'reads_closed' ? { 'www-authenticate': 'AWS4-HMAC-SHA256' } : {};
    return { ...READ_FAULTS[fault], code: fault, detail: message, headers };
  }
  if (error instanceof StoreUnavailableError) {
    return {
      status: 503,
      code: 'store_unavailable',
      title: 'The catalogue can’t be read now',
      detail: `The store does not answer. Ask again in ${STORE_RETRY_SECONDS} seconds.`,
      headers: { 'retry-after': String(STORE_RETRY_SECONDS) },
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
