import * as z from 'zod';
import { ConfigurationError } from '../../shared/core/errors.ts';
import { contextOf } from '../access/context.ts';
import { identify, type Anonymous, type IdentityServices, type Proof } from '../access/identify.ts';
import { identityServices } from '../access/services.ts';
import type { Lazy } from '../services.ts';

/** What we read of an HTTP API's request to its authorizer, payload version 2. */
const request = z.object({
  headers: z.record(z.string(), z.string().optional()).default({}),
  cookies: z.array(z.string()).default([]),
});

/**
 * Finds out who asks, in front of every route that is not public. It lets everybody through, with who
 * they are: what they may do is decided behind it, where a refusal can be worded (a person is sent to
 * sign in, a program gets problem details) and where nobody is served without its word. When it can't
 * look, it says so, and what needs its word answers 503.
 */
export const createHandler = (services: Lazy<IdentityServices>) => async (event: unknown) => {
  const { headers, cookies } = request.parse(event);
  const proof = { authorization: headers['authorization'], cookies };
  return { isAuthorized: true, context: contextOf(await whoSends(proof, services())) };
};

async function whoSends(proof: Proof, services: IdentityServices) {
  try {
    return await identify(proof, services);
  } catch (error) {
    if (error instanceof ConfigurationError) throw error;
    services.log.error('identity_unavailable', { error });
    return { kind: 'anonymous', refused: false, unavailable: true } satisfies Anonymous;
  }
}

export const handler = createHandler(identityServices);
