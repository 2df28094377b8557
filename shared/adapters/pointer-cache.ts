import type { CatalogRef, ControlRecord } from '../core/control.ts';
import type { CatalogReader, Clock } from '../core/ports.ts';

interface Known {
  readonly control: Promise<ControlRecord>;
  readonly untilMs: number;
}

interface PointerCacheOptions {
  readonly clock: Pick<Clock, 'monotonicMs'>;
  /** Least time between two looks at the same control record, milliseconds. */
  readonly checkMs: number;
  /** Resources of a source that one request looks at: when one is read, the others are at the same time. */
  readonly together: readonly string[];
}

/**
 * A reader that looks at each control record at most once in `checkMs`, however many requests a warm
 * function answers. Until the first sync is over it looks each time: a new shop fills by the second.
 */
export function withPointerCache<Reader extends CatalogReader>(
  reader: Reader,
  { clock, checkMs, together }: PointerCacheOptions,
): Reader {
  const known = new Map<string, Known>();
  const kept = (ref: CatalogRef): Promise<ControlRecord> | undefined => {
    const pointer = known.get(nameOf(ref));
    return pointer !== undefined && clock.monotonicMs() < pointer.untilMs
      ? pointer.control
      : undefined;
  };
  const read = (ref: CatalogRef): Promise<ControlRecord> => {
    const name = nameOf(ref);
    const control = reader.control(ref);
    known.set(name, { control, untilMs: clock.monotonicMs() + checkMs });
    const forget = (): void => {
      if (known.get(name)?.control === control) known.delete(name);
    };
    control.then(({ lastSuccessAtMs }) => lastSuccessAtMs === null && forget(), forget);
    return control;
  };
  const control = (ref: CatalogRef): Promise<ControlRecord> => {
    const pointer = kept(ref);
    if (pointer !== undefined) return pointer;
    for (const resource of together.includes(ref.resource) ? together : []) {
      const other = { ...ref, resource };
      if (resource !== ref.resource && kept(other) === undefined) void read(other);
    }
    return read(ref);
  };
  return { ...reader, control };
}

const nameOf = ({ source, resource }: CatalogRef): string => `${source}#${resource}`;
