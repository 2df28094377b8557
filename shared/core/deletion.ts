import type { ControlRecord, Ledger, RunState } from './control.ts';
import { isMadeUp } from './listed-id.ts';
import type { RecordId } from './record-id.ts';
import type { Remark, RemarkCode } from './remarks.ts';

/** A loss over this part of the catalogue, and over this many records, waits for a person. */
const GUARD_RATIO = 0.1;
const GUARD_RECORDS = 5;

/** What the absence of records from a whole scan comes to. */
export type Deletions =
  /** The list can't be trusted: nothing is removed, and no absence is remembered. */
  | { readonly kind: 'untrusted'; readonly why: Remark; readonly isFailure: boolean }
  /** So much is missing that a person has to decide. */
  | { readonly kind: 'held'; readonly missing: readonly RecordId[]; readonly why: Remark }
  /** `again` were missing from the scan before, too, and go; `once` go if their detail is gone. */
  | {
      readonly kind: 'allowed';
      readonly again: readonly RecordId[];
      readonly once: readonly RecordId[];
      /** Whether the next scan may count on this one: nothing moved while it was read. */
      readonly isProof: boolean;
    };

/** How many missing records a run may remove by itself from `live` ones. */
export function guardAllows(live: number): number {
  return Math.max(GUARD_RECORDS, Math.floor(live * GUARD_RATIO));
}

/** How many records were live when absences were last settled; of a hold by a version that did not keep it,
 *  what that one was measured against. Null: not known. */
export function settledCountOf({
  settledCount,
  held,
}: Pick<ControlRecord, 'settledCount' | 'held'>): number | null {
  const live = held?.why?.values['live'];
  return settledCount ?? (typeof live === 'number' ? live : null);
}

/**
 * What may be removed (docs/reliability.md, 4) after a scan that reached the last page. Absence from one scan proves
 * nothing: the supplier's order shifts while it is paged through. Where it is seen to have shifted, since
 * something came again on another page or the announced count changed, absence from two proves nothing
 * either, nor where a row has no usable id: what is missing goes only if its detail is gone. A record in
 * error is not asked for by the first scan that misses it: a detail that is gone may be its error.
 */
export function decideDeletions(
  { manifest, seen, rejects }: Pick<Ledger, 'manifest' | 'seen' | 'rejects'>,
  run: Pick<RunState, 'rowsRead' | 'expected' | 'hasMoved' | 'pagesFailed' | 'stats'>,
  { settledCount, marksProve }: Pick<ControlRecord, 'settledCount' | 'marksProve'>,
): Deletions {
  const { rowsRead, expected, pagesFailed, stats } = run;
  if (pagesFailed > 0) return untrusted('pages_lost', { count: pagesFailed });
  if (expected !== null && expected - rowsRead > guardAllows(expected)) {
    return untrusted('listed_fewer', { expected, listed: rowsRead });
  }
  const missing = [...manifest.keys()].filter((id) => !seen.has(id));
  const nameless = [...seen].filter(isMadeUp).length;
  const records = rowsRead - stats.duplicates;
  // A count that holds what came twice says nothing of what it holds once.
  const isCounted = expected === null || expected === records;
  const isProof = run.hasMoved !== true && nameless === 0 && isCounted;
  // What came in this run, or in others since the last that settled what is missing, makes no loss
  // smaller: another shop's catalogue would drive this one out, in two runs if not in one.
  const before = Math.min(manifest.size - stats.created, settledCount ?? Infinity);
  // A row without a usable id may be any of those that are missing.
  const lost = missing.length - nameless;
  if (lost > guardAllows(before) || (missing.length > 0 && rowsRead === 0)) {
    const loss = { count: missing.length, live: manifest.size - stats.created };
    const code = rowsRead === 0 ? 'listed_none' : 'missing';
    return { kind: 'held', missing, why: { code, values: loss } };
  }
  // What came twice may be announced twice, too, or once: neither hides anything.
  const isAnnounced = isCounted || expected === rowsRead;
  if (missing.length > 0 && expected !== null && !isAnnounced) {
    return { ...untrusted('listed_other', { expected, listed: rowsRead }), isFailure: false };
  }
  const isLarge = missing.length > guardAllows(before);
  const wasMissing = (id: RecordId) => isProof && marksProve && manifest.get(id)?.missing === true;
  return {
    kind: 'allowed',
    again: missing.filter(wasMissing),
    // Where rows without an id account for a large loss, none of it goes: they may be what is missing.
    once: isLarge ? [] : missing.filter((id) => !wasMissing(id) && !rejects.has(id)),
    isProof,
  };
}

const untrusted = (code: RemarkCode, values: Remark['values']) =>
  ({ kind: 'untrusted', why: { code, values }, isFailure: true }) as const;
