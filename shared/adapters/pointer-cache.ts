import type { CatalogRef, ControlRecord } from '../core/control.ts';
import type { CatalogReader, Clock } from '../core/ports.ts';

interface Known {
  readonly control: Promise<ControlRecord>;
  readonly untilMs: number;
}

/**
 * A reader that looks at each control record at most once in `checkMs`, however many requests a warm
 * function answers. Until the first sync is over it looks each time: a new shop fills by the second.
 */
export function withPointerCache<Reader extends CatalogReader>(
  reader: Reader,
  { clock, checkMs }: { readonly clock: Pick<Clock, 'monotonicMs'>; readonly checkMs: number },
): Reader {
  const known = new Map<string, Known>();
  const control = (ref: CatalogRef): Promise<ControlRecord> => {
    const name = `${ref.source}#${ref.resource}`;
    const kept = known.get(name);
    const nowMs = clock.monotonicMs();
    if (kept !== undefined && nowMs < kept.untilMs) return kept.control;
    const read = reader.control(ref);
    known.set(name, { control: read, untilMs: nowMs + checkMs });
    const forget = (): void => {
      if (known.get(name)?.control === read) known.delete(name);
    };
    read.then(({ lastSuccessAtMs }) => lastSuccessAtMs === null && forget(), forget);
    return read;
  };
  return { ...reader, control };
}
