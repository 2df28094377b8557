/** Raise it whenever a public form changes, so that tags made by older code no longer match. */
const FORM = 1;
/** Weak or not: caches and clients may leave the mark out (RFC 9110, 8.8.3.2, weak comparison). */
const TAG = /^(?:W\/)?("(\d+)-([\d.]+)-([sf]+)-(\d+)")$/;

/** An answer's tag, and the next moment at which it changes by itself, milliseconds; null for never. */
export interface Tagged {
  readonly tag: string;
  readonly changesAtMs: number | null;
}

/** What an answer's tag is made of. */
export interface TagParts {
  /** Versions of the resource and of what it is joined with, of each source, always in the same order. */
  readonly versions: readonly number[];
  /** Of each source. */
  readonly stale: readonly boolean[];
}

/**
 * A weak entity tag that proves itself: it holds the versions of the resource and its joins, whether
 * the answer said `stale`, and the next moment at which a listed record changes by itself (a promotion
 * that starts or ends). So an `If-None-Match` is answered from the control records and the tag alone,
 * without reading one record: versions equal, `stale` equal, and the moment not reached. Weak, because
 * the `sync` block's age and decision go on moving while the tag stays.
 */
export function entityTag({ versions, stale }: TagParts, changesAtMs: number | null): Tagged {
  const tag = `W/"${FORM}-${versions.join('.')}-${lettersOf(stale)}-${changesAtMs ?? 0}"`;
  return { tag, changesAtMs };
}

const lettersOf = (stale: readonly boolean[]): string =>
  stale.map((isStale) => (isStale ? 's' : 'f')).join('');

/** The tag of an `If-None-Match` header that still describes the catalogue at `nowMs`, or null. */
export function validTag(
  ifNoneMatch: string | null,
  { versions, stale }: TagParts,
  nowMs: number,
): Tagged | null {
  const expected = [String(FORM), versions.join('.'), lettersOf(stale)].join('-');
  const tags = (ifNoneMatch ?? '').split(',').map((tag) => tag.trim());
  const right = tags.map((tag) => TAG.exec(tag)).find((read) => describes(read, expected, nowMs));
  if (!right) return null;
  const [, tag, , , , changesAt] = right;
  return { tag: `W/${tag}`, changesAtMs: Number(changesAt) || null };
}

function describes(read: RegExpExecArray | null, expected: string, nowMs: number): boolean {
  const [, , form, versions, staleness, changesAt] = read ?? [];
  if ([form, versions, staleness].join('-') !== expected) return false;
  return changesAt === '0' || nowMs < Number(changesAt);
}
