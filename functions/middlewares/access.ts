import type { MiddlewareObj } from '@middy/core';
import { allows, type Caller, type Scope } from '../../shared/core/access.ts';
import { StoreUnavailableError } from '../../shared/core/errors.ts';
import type { Access } from '../../shared/deployment.ts';
import { ReadError } from '../../shared/reads/errors.ts';
import type { Anonymous } from '../access/identify.ts';
import { isSigned, whoAsks, type HttpEvent } from '../http/event.ts';
import { routeOf } from '../http/route.ts';
import type { Lazy, ReadServices } from '../services.ts';

const NEEDED: Readonly<Record<Exclude<Access, 'public' | 'session'>, Scope>> = {
  read: 'read',
  staff: 'sync',
  admin: 'admin',
};

const SIGN_IN =
  'Sign in at /inventory/login/, or send "Authorization: Bearer" with an access token (ask the shop’s staff) or a JWT of the shop’s issuer.';
const REFUSED = `What was sent to prove who asks is not valid, or not any more. ${SIGN_IN}`;
const CLOSED = `This catalogue is not public. ${SIGN_IN}`;

/**
 * Serves a route only to whom its declaration says, by what the authorizer found out. Without the
 * authorizer's word nobody is anybody: a route that lost it is closed, not open.
 */
export function access(
  functionName: string,
  services: Lazy<Pick<ReadServices, 'publicReads'>>,
): MiddlewareObj<HttpEvent> {
  return {
    before: ({ event }) => {
      const { route } = routeOf(functionName, event);
      const who = whoAsks(event);
      if (who.kind === 'anonymous' && who.unavailable === true)
        throw new StoreUnavailableError('who asks can’t be found out now');
      // Also where nobody need be known: who brings a proof wants to hear that it is not valid.
      if (who.kind === 'anonymous' && who.refused && route.access !== 'session')
        throw new ReadError('not_signed_in', REFUSED);
      if (route.access === 'public') return;
      if (route.access === 'read' && (services().publicReads || isSigned(event))) return;
      assertAllowed(who, route.access);
    },
  };
}

function assertAllowed(who: Caller | Anonymous, needs: Exclude<Access, 'public'>): void {
  if (who.kind === 'anonymous') {
    if (needs === 'read') throw new ReadError('reads_closed', CLOSED);
    throw new ReadError('not_signed_in', SIGN_IN);
  }
  if (needs === 'session') return;
  const needed = NEEDED[needs];
  if (allows(who.scopes, needed)) return;
  throw new ReadError(
    'not_allowed',
    `${who.name} may not do this: it needs the scope "${needed}", by an access token (ask the shop’s staff) or from the shop’s issuer.`,
  );
}
