import type { MiddlewareObj, Request } from '@middy/core';
import { ConfigurationError } from '../../shared/core/errors.ts';
import type { HttpResult } from '../http/result.ts';
import { securityHeaders } from '../http/security-headers.ts';
import type { Lazy } from '../services.ts';

/** Adds the headers that every answer carries, errors too. A handler may say what its answer varies
 *  with; nothing of it changes what protects the reader. */
export function responseHeaders(
  services: Lazy<{ readonly imageHosts: readonly string[] }>,
): MiddlewareObj<unknown, HttpResult> {
  const addHeaders = (request: Request<unknown, HttpResult>): void => {
    const { response } = request;
    if (!response) return;
    const security = securityHeaders(hostsOf(services));
    const headers = { vary: 'Accept-Encoding', ...response.headers, ...security };
    request.response = { ...response, headers };
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
