import type { MiddlewareObj, Request } from '@middy/core';
import { ConfigurationError } from '../../shared/core/errors.ts';
import type { HttpResult } from '../http/result.ts';
import type { Lazy } from '../services.ts';

/** What pages may load: our own files, and images of the hosts that the deployment names. */
const policyFor = (imageHosts: readonly string[]): string =>
  [
    "default-src 'none'",
    `img-src ${["'self'", ...imageHosts].join(' ')}`,
    "style-src 'self'",
    "script-src 'self'",
    "connect-src 'self'",
    "base-uri 'none'",
    "form-action 'self'",
    "frame-ancestors 'none'",
  ].join('; ');

const HEADERS = {
  'strict-transport-security': 'max-age=31536000',
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'cross-origin-opener-policy': 'same-origin',
  vary: 'Accept-Encoding',
} as const;

/** Adds the headers that every answer carries, errors too; a handler's own ones win. */
export function responseHeaders(
  services: Lazy<{ readonly imageHosts: readonly string[] }>,
): MiddlewareObj<unknown, HttpResult> {
  const addHeaders = (request: Request<unknown, HttpResult>): void => {
    const { response } = request;
    if (!response) return;
    const policy = { 'content-security-policy': policyFor(hostsOf(services)) };
    request.response = { ...response, headers: { ...HEADERS, ...policy, ...response.headers } };
  };
  return { after: addHeaders, onError: addHeaders };
}

/** A function that is not configured has its own way to say so. */
function hostsOf(services: Lazy<{ readonly imageHosts: readonly string[] }>): readonly string[] {
  try {
    return services().imageHosts;
  } catch (error) {
    if (error instanceof ConfigurationError) return [];
    throw error;
  }
}
