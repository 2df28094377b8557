import type { Log } from '../core/ports.ts';

const MAX_CAUSES = 5;

/**
 * A log of one JSON object a line: `level`, `event`, `timestamp`, the fixed `context`, then the call's
 * fields. Lambda goes by the level only of a line that has a `timestamp`. Errors become `{name, message,
 * code, cause}`; a cause that is no error may be an answer with all that it held, tokens too, and is left
 * out. Every line passes `redact`. Never throws for what it is given: fields that JSON can't hold are
 * left out and said to be.
 */
export function createJsonLog(settings: {
  /** Takes one line, without the line break. */
  readonly write: (line: string) => void;
  readonly nowMs: () => number;
  readonly redact: (text: string) => string;
  readonly context?: object;
}): Log {
  const { write, nowMs, redact, context = {} } = settings;
  const at =
    (level: string) =>
    (event: string, fields: object = {}) => {
      const fixed = { level, event, timestamp: new Date(nowMs()).toISOString() };
      write(redact(lineOf(fixed, { ...context, ...fields })));
    };
  return { info: at('info'), warn: at('warn'), error: at('error') };
}

function lineOf(fixed: object, fields: object): string {
  try {
    // Twice: first for the order, last so that no field can pass for the level or the event.
    return JSON.stringify(Object.assign({}, fixed, fields, fixed), plain);
  } catch {
    return JSON.stringify({ ...fixed, fields: 'could not be written as JSON' });
  }
}

function plain(_name: string, value: unknown): unknown {
  if (value instanceof Error) return plainError(value, MAX_CAUSES);
  return typeof value === 'bigint' ? String(value) : value;
}

function plainError(error: Error, causesLeft: number): object {
  const { name, message, cause } = error;
  const code = 'code' in error ? { code: error.code } : {};
  if (!(cause instanceof Error) || causesLeft === 0) return { name, message, ...code };
  return { name, message, ...code, cause: plainError(cause, causesLeft - 1) };
}
