import type { UpstreamError } from './errors.ts';
import type { Json } from './json.ts';

/** What came of one page of the list. */
export interface PageRead {
  /** Its rows; none of one that could not be read. */
  readonly entries: readonly Json[];
  /** Null behind the last page. */
  readonly next: string | null;
  readonly count: number | null;
  /** Why the list can't be trusted to be whole: it could not be read, though others can, or what it says of
   *  the next one is of no use. The run goes on behind it, and is no success. Null: it is sound. */
  readonly lost: UpstreamError | null;
  /** Nothing leads on from here: to be thrown behind its rows. */
  readonly fault: UpstreamError | null;
  /** It shows that the list has shifted since the pages before it were read. */
  readonly hasMoved: boolean;
  /** It says nothing of a next one, which is tried: what tells whether the list is over. Null: it says. */
  readonly guess: Guess | null;
}

export interface Guess {
  /** What its rows are known by. */
  readonly ids: ReadonlySet<string>;
  /** It has the rows of the page before it that said nothing either. */
  readonly isAsBefore: boolean;
}
