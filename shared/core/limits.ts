/**
 * Bounds of a run. A kill loses what is fetched and not committed: a chunk being filled or written plus
 * the window. Of records to write that is at most 90 (`chunkWrites` and what is in flight or waits beyond
 * them); of unchanged ones, which cost so much less to write down, `chunkSeen` plus the window.
 */
export const LIMITS = {
  /** Records written by one commit where most are: the smaller it is, the further fetching may run ahead
   *  while it is written, and the more bookkeeping there is. */
  chunkWrites: 30,
  /** Records written by one commit where most are unchanged, and a kill loses those anyway. DynamoDB takes
   *  100 actions a transaction; the rest is bookkeeping. */
  chunkFewWrites: 48,
  /** Bodies in one commit, bytes of UTF-8. DynamoDB takes 4 MB a transaction, and what lists show of
   *  them travels in it too, compressed: at worst by a fifth. */
  chunkBytes: 2_000_000,
  /** Unchanged records that one commit may cover: ids that take 1 KB, which is two capacity units. */
  chunkSeen: 900,
  /** Bytes of those ids, which may be texts of 512: they are one row of at most 400 KB. */
  chunkSeenBytes: 200_000,
  /** A commit at least this often, empty if need be: it extends the lease. */
  flushMs: 10_000,
  /** Fetches that wait for a slot beyond those in flight, so that none stays free for a moment. */
  askedAhead: 8,
  /** Finished fetches that may wait for a commit, beyond those in flight. */
  windowSlack: 28,
  /** A stored record may take 400 KB with its attributes. */
  recordBytes: 350_000,
  /** Why a record was rejected may quote names that upstream made up. */
  rejectReasonCharacters: 500,
  /** Rows on a published page, bytes before compression: about 500 products. */
  pageBytes: 400_000,
  /** Commits over a published base before it is written anew: each is one more page to read. */
  commitsOverBase: 64,
  /** Records changed over a published or a manifest's base, as a part of all, before it is written
   *  anew. */
  changedOverBase: 0.25,
  /** What staff see of a rejected record. */
  rejectPayloadCharacters: 500,
  /** A detail is read again within this, also behind a list entry that does not change. */
  verifiedMs: 86_400_000,
  /** A step of `advance` ends after this, so that its host can look at the time. */
  stepMs: 60_000,
  /** More pages than this means that `next` never ends. */
  pages: 20_000,
  /** Times that a list's first page is asked for anew, to tell a last page that comes again from a shift. */
  headReads: 5,
  /** Pages in a row that may fail before the supplier counts as down. */
  failedPagesInARow: 3,
  /** Pages in a row without rows that end a list which says nothing of its end. */
  emptyPagesInARow: 3,
  /** Missing records whose detail is asked for at once, to remove them after one scan. */
  probes: 100,
  /** All of that together: well within what is left of a lease. */
  probeMs: 30_000,
  recent: 10,
} as const;
