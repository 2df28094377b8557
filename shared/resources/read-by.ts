import * as z from 'zod';

/** A schema of one function, which may also be called by itself. */
export type ReadBy<T> = z.ZodType<T> & {
  /** Undefined for what is malformed, null for what says nothing. */
  readonly readDirectly: (value: unknown) => T | undefined;
  /** What is wanted, for people. */
  readonly expected: string;
};

/** The schema of what `read` makes of a value: undefined is malformed, null says nothing. */
export function readBy<T>(read: (value: unknown) => T | undefined, expected: string): ReadBy<T> {
  const schema: z.ZodType<T> = z.transform((value: unknown, context): T => {
    const result = read(value);
    if (result !== undefined) return result;
    context.addIssue(`is not ${expected}`);
    return z.NEVER;
  });
  return Object.assign(schema, { readDirectly: read, expected });
}
