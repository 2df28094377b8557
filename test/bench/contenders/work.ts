import * as z from 'zod';

/** What a contender is to do in one round. */
export const work = z.object({
  baseUrl: z.string(),
  /** The engine's. */
  endpoint: z.string(),
  /** Empty before the round. */
  tableName: z.string(),
  products: z.number(),
  /** Requests in flight at once, at most. */
  concurrency: z.number(),
});

export type Work = z.output<typeof work>;

/** What one round took. */
export const measured = z.object({
  ms: z.number(),
  /** Of this process alone, user and system. */
  cpuMs: z.number(),
  /** The most memory that the process ever held, bytes. */
  peakBytes: z.number(),
  /** Records in the store, or requests answered by the floor. */
  records: z.number(),
});

export type Measured = z.output<typeof measured>;

/** Reads a whole catalogue; answers how many records it got. */
export type Contender = (task: Work) => Promise<number>;
