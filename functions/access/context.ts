import * as z from 'zod';
import { isScope, type Caller } from '../../shared/core/access.ts';
import type { Anonymous } from './identify.ts';

/** REST APIs make texts of truth values, and nothing promises that an HTTP API never does. */
const truth = z.union([
  z.boolean(),
  z.enum(['true', 'false']).transform((text) => text === 'true'),
]);

/**
 * What the authorizer hands on with a request: only texts and truth values survive the gateway. A
 * function that finds none of it behind a guarded route serves nobody.
 */
const context = z.object({
  kind: z.enum(['session', 'token', 'jwt', 'anonymous']),
  refused: truth.default(false),
  unavailable: truth.default(false),
  subject: z.string().default(''),
  name: z.string().default(''),
  scopes: z.string().default(''),
  csrf: z.string().default(''),
});

/** As the gateway hands it to functions, under `requestContext.authorizer.lambda`. */
export const callerContext = context.transform(
  ({ kind, refused, unavailable, subject, name, scopes, csrf }): Caller | Anonymous =>
    kind === 'anonymous'
      ? { kind, refused, unavailable }
      : { kind, subject, name, scopes: scopes.split(' ').filter(isScope), csrf: csrf || null },
);

/** The context that says who asks. */
export function contextOf(who: Caller | Anonymous): z.input<typeof context> {
  if (who.kind === 'anonymous') {
    const { kind, refused, unavailable = false } = who;
    return { kind, refused, ...(unavailable && { unavailable }) };
  }
  const { kind, subject, name, scopes, csrf } = who;
  return { kind, subject, name, scopes: scopes.join(' '), csrf: csrf ?? '' };
}
