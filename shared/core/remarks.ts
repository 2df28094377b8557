/** What people may need to know of a run, in English; `{names}` are filled in. Pages say the same in the
 *  reader's language, by the code. */
export const REMARKS = {
  asked_by: 'Asked for by {by}.',
  approved_by: 'Approved by {by}: the deletions that run {runId} held back.',
  discarded_by: 'Discarded by {by}: the {count} deletions that run {runId} held back.',
  began_again: 'Run {runId} was left unfinished after {total} records; this one began again.',
  pages_lost: '{count} list pages could not be read',
  listed_fewer: 'the supplier announced {expected} records and listed {listed}',
  listed_other:
    'the supplier announced {expected} records and listed {listed}, so nothing was removed',
  listed_none: 'the supplier listed no record',
  missing: "{count} of {live} records are missing from the supplier's list",
  mostly_rejected: '{errors} of {total} records could not be read or failed validation',
  upstream: '{message}',
} as const;

export type RemarkCode = keyof typeof REMARKS;

/** One thing to know of a run: a code, and what its words are filled with. */
export interface Remark {
  readonly code: RemarkCode;
  readonly values: Readonly<Record<string, string | number>>;
}

/** In English. */
export const remarkText = ({ code, values }: Remark): string =>
  REMARKS[code].replaceAll(/\{(\w+)\}/g, (_match, name: string) => String(values[name] ?? ''));

/** All of them in English, or null when there are none. */
export const noteOf = (remarks: readonly Remark[]): string | null =>
  remarks.map(remarkText).join(' ') || null;
