import * as z from 'zod';
import { contextOf } from '../access/context.ts';
import { identify, type IdentityServices } from '../access/identify.ts';
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
 * sign in, a program gets problem details) and where nobody is served without its word. When it
 * can't find out, it throws, and the gateway answers 500.
 */
export const createHandler = (services: Lazy<IdentityServices>) => async (event: unknown) => {
  const { headers, cookies } = request.parse(event);
  const proof = { authorization: headers['authorization'], cookies };
  return { isAuthorized: true, context: contextOf(await identify(proof, services())) };
};

export const handler = createHandler(identityServices);
