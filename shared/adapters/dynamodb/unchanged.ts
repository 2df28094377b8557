import type { ControlRecord, Held } from '../../core/control.ts';

/** A condition, and the values in it. */
export interface Unchanged {
  readonly condition: string;
  readonly values: Record<string, string | number>;
}

/** As much of a control record as tells one state of it from the next. */
export type Seen = Pick<ControlRecord, 'fence' | 'leaseHolder' | 'leaseExpiresAtMs' | 'run'> & {
  readonly held: Pick<Held, 'runId'> | null;
};

/**
 * That nobody wrote the control record since it was read as `seen`. The fence alone does not tell: a
 * holder whose lease is over to others, but whom nobody has followed yet, may still commit or end its
 * run under the same fence, and held deletions are discarded without a new one. Whoever then wrote what
 * it made of `seen` would undo that.
 */
export function unchangedSince(seen: Seen): Unchanged {
  const { fence, leaseExpiresAtMs, leaseHolder, run, held } = seen;
  const conditions = [
    orAbsent('#fence', ':seen_fence', fence === 0),
    orAbsent('#lease_expires_at_ms', ':seen_expiry', leaseExpiresAtMs === 0),
  ];
  const values: Record<string, string | number> = {
    ':seen_fence': fence,
    ':seen_expiry': leaseExpiresAtMs,
  };
  const compare = (name: string, placeholder: string, value: string | number | null): void => {
    conditions.push(value === null ? `attribute_not_exists(${name})` : `${name} = ${placeholder}`);
    if (value !== null) values[placeholder] = value;
  };
  compare('#lease_holder', ':seen_holder', leaseHolder);
  compare('#held_run_id', ':seen_held', held?.runId ?? null);
  // A run that an older version of this service wrote reads as none: there it tells nothing.
  if (run !== null) compare('#chunks', ':seen_chunks', run.chunks);
  return { condition: conditions.join(' AND '), values };
}

/** A number that a record without the attribute has by default. */
const orAbsent = (name: string, placeholder: string, isDefault: boolean): string =>
  isDefault
    ? `(attribute_not_exists(${name}) OR ${name} = ${placeholder})`
    : `${name} = ${placeholder}`;
