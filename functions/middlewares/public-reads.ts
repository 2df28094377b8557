import type { MiddlewareObj } from '@middy/core';
import { ReadError } from '../../shared/reads/errors.ts';
import { isAuthorised, type HttpEvent } from '../http/event.ts';
import { routeOf } from '../http/route.ts';
import type { Lazy, ReadServices } from '../services.ts';

const CLOSED =
  'This catalogue is not public. Sign the request with AWS credentials that may invoke this API (Signature Version 4).';

/**
 * Where a deployment closed its reads, serves only requests whose signature API Gateway checked; routes
 * declared as public stay open. The gateway refuses the others itself: this holds should a route ever
 * lose its authoriser.
 */
export function publicReads(
  functionName: string,
  services: Lazy<Pick<ReadServices, 'publicReads'>>,
): MiddlewareObj<HttpEvent> {
  return {
    before: ({ event }) => {
      if (isAuthorised(event) || services().publicReads) return;
      const { route } = routeOf(functionName, event);
      if (route.access === 'read') throw new ReadError('reads_closed', CLOSED);
    },
  };
}
