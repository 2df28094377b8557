import { LIMITS } from './limits.ts';
import { areSame } from './listed-id.ts';

/** The first page of a list, which shows whether the list has shifted: what is put first moves all the rest. */
export interface ListHead {
  /** What the rows of the walk's first page are known by. */
  begins(ids: ReadonlySet<string>): void;
  /**
   * Asks for it anew, to tell what a page is that comes again: the first one itself (`first`), which no page
   * within a list is; another one of a list that has not shifted (`last`); or that it may have (`shifted`).
   * That is the first answer of a resumed run, which does not know how its list began. A first page that
   * changes with each request ends no walk later than five times.
   *
   * @throws UpstreamError when the supplier, and not that page, is the trouble.
   */
  tells(ids: ReadonlySet<string>): Promise<'first' | 'last' | 'shifted'>;
}

/**
 * @param isStart whether the walk begins with the list's first page
 * @param readIds what its rows are known by now; null: it can't be read
 */
export function createListHead(
  isStart: boolean,
  readIds: () => Promise<ReadonlySet<string> | null>,
): ListHead {
  let known: ReadonlySet<string> | null = null;
  let timesAsked = 0;
  return {
    begins(ids) {
      if (isStart) known = ids;
    },
    async tells(ids) {
      if (timesAsked === LIMITS.headReads) return 'last';
      timesAsked += 1;
      const before = known;
      const now = await readIds();
      if (now === null) return 'last';
      known = now;
      const hasChanged = before !== null && !areSame(now, before);
      if (areSame(now, ids) && !hasChanged) return 'first';
      return before === null || hasChanged ? 'shifted' : 'last';
    },
  };
}
