import type { CatalogRef, ControlRecord } from '../core/control.ts';
import type { CatalogReader } from '../core/ports.ts';
import { beginTtl, type TtlClock } from './ttl.ts';

interface Known {
  readonly control: Promise<ControlRecord>;
  readonly isLive: () => boolean;
}

interface PointerCacheOptions {
  readonly clock: TtlClock;
  /** Least time between two looks at the same control record, milliseconds. */
  readonly checkMs: number;
}

/**
 * A reader that looks at each control record at most once in `checkMs`, however many requests a warm
 * function answers. Until the first sync is over it looks each time: a new shop fills by the second.
 */
export function withPointerCache<Reader extends CatalogReader>(
  reader: Reader,
  { clock, checkMs }: PointerCacheOptions,
): Reader {
  const known = new Map<string, Known>();
  const control: CatalogReader['control'] = (ref, options = { fresh: false }) => {
    const name = nameOf(ref);
    const pointer = options.fresh ? undefined : known.get(name);
    if (pointer?.isLive() === true) return pointer.control;
    const read = reader.control(ref, options);
    known.set(name, { control: read, isLive: beginTtl(checkMs, clock) });
    const forget = (): void => {
      if (known.get(name)?.control === read) known.delete(name);
    };
    read.then(({ lastSuccessAtMs }) => lastSuccessAtMs === null && forget(), forget);
    return read;
  };
  return { ...reader, control };
}

const nameOf = ({ source, resource }: CatalogRef): string => `${source}#${resource}`;
