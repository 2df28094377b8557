import * as z from 'zod';
import type { Caller } from '../../shared/core/access.ts';
import type { Resource } from '../../shared/core/resource.ts';
import { MAIN_SOURCE } from '../../shared/core/source-names.ts';
import { ReadError } from '../../shared/reads/errors.ts';
import { namedSource } from '../../shared/reads/sources.ts';
import { resourceNamed, resources } from '../../shared/resources/index.ts';
import { bodyOf, whoAsks, type HttpEvent } from '../http/event.ts';
import { assertOwnForm } from '../http/same-origin.ts';

/** The caller, whom the route's guard has let through. */
export function callerOf(event: HttpEvent): Caller {
  const who = whoAsks(event);
  if (who.kind === 'anonymous') throw new Error('a guarded route was taken by nobody');
  return who;
}

/** As runs tell who asked for them: the worker takes no more of it. */
export const toldName = ({ name }: Caller): string => name.slice(0, 200);

const fields = z.record(z.string(), z.unknown());

/**
 * What a form or a program sends, of one shape; a session's must come from our own page.
 * @throws ReadError `foreign_form`, or `bad_parameter` naming what is wrong
 */
export function sentBody<Shape extends z.ZodType>(event: HttpEvent, shape: Shape): z.output<Shape> {
  const isForm =
    event.headers['content-type']?.startsWith('application/x-www-form-urlencoded') ?? false;
  const { csrf, ...sent } = isForm ? formFields(event) : jsonFields(event);
  assertOwnForm(
    event,
    callerOf(event),
    event.headers['x-csrf-token'] ?? (typeof csrf === 'string' ? csrf : undefined),
  );
  const parsed = shape.safeParse(sent);
  if (parsed.success) return parsed.data;
  const faults = parsed.error.issues.map(({ path, message }) =>
    `${path.join('.')} ${message}`.trim(),
  );
  throw new ReadError('bad_parameter', `The body is not valid: ${faults.join('; ')}.`);
}

const formFields = (event: HttpEvent): Record<string, unknown> =>
  Object.fromEntries(new URLSearchParams(bodyOf(event)));

function jsonFields(event: HttpEvent): Record<string, unknown> {
  const text = bodyOf(event);
  if (text === '') return {};
  try {
    return fields.parse(JSON.parse(text));
  } catch (cause) {
    throw new ReadError(
      'bad_parameter',
      'The body is not a JSON object, for example {"force": true}.',
      { cause },
    );
  }
}

/** The resource that a path or a parameter names. @throws ReadError `bad_parameter` */
export function namedResource(name: string): Resource {
  const resource = resourceNamed(name);
  if (resource !== undefined) return resource;
  const names = resources.map((one) => one.name).join(' or ');
  throw new ReadError('bad_parameter', `resource must be ${names}.`);
}

/** The source that a body names, or else the address, or else the main one.
 *  @throws ReadError `bad_parameter` naming those that there are */
export function sourceOf(
  { queryStringParameters }: HttpEvent,
  sent: { readonly source?: string | undefined },
  ports: { readonly sources: readonly string[] },
): string {
  return namedSource(sent.source ?? queryStringParameters['source'] ?? MAIN_SOURCE, ports);
}
