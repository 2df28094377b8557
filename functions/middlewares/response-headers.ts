import type { MiddlewareObj, Request } from '@middy/core';
import type { HttpResult } from '../http/result.ts';

const HEADERS = {
  'strict-transport-security': 'max-age=31536000',
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
  vary: 'Accept-Encoding',
} as const;

/** Adds the headers that every answer carries, errors too; a handler's own ones win. */
export function responseHeaders(): MiddlewareObj<unknown, HttpResult> {
  return { after: addHeaders, onError: addHeaders };
}

function addHeaders(request: Request<unknown, HttpResult>): void {
  const { response } = request;
  if (!response) return;
  request.response = { ...response, headers: { ...HEADERS, ...response.headers } };
}
