/** How far `mapConcurrently` may run ahead of its consumer. */
export interface Concurrency {
  /** Mappings in flight at once, at most. */
  readonly inFlight: number;
  /** Mappings in flight or done and not yet consumed, at most. */
  readonly window: number;
}

/**
 * Maps a stream with bounded concurrency, in order. Goes on by itself while its consumer is busy (a
 * commit overlaps with fetching), never further than `window`. The first failure is thrown where its
 * value would have come, after everything before it.
 */
export async function* mapConcurrently<A, B>(
  inputs: AsyncIterable<A>,
  map: (input: A) => Promise<B>,
  { inFlight, window }: Concurrency,
): AsyncGenerator<B> {
  const outputs: Promise<B>[] = [];
  const change = broadcast();
  let active = 0;
  let ended = false;

  const mustWait = (): boolean => !ended && (active >= inFlight || outputs.length >= window);
  const start = (input: A): void => {
    active += 1;
    const output = map(input).finally(() => {
      active -= 1;
      change.announce();
    });
    output.catch(() => {}); // thrown to the consumer in its turn, not as an unhandled rejection
    outputs.push(output);
    change.announce();
  };
  const pump = async (): Promise<void> => {
    for await (const input of inputs) {
      if (ended) return;
      start(input);
      while (mustWait()) await change.next();
      if (ended) return;
    }
  };
  const pumped = pump().finally(() => {
    ended = true;
    change.announce();
  });
  pumped.catch(() => {}); // awaited below

  try {
    for (;;) {
      const output = outputs[0];
      if (output !== undefined) {
        const value = await output;
        void outputs.shift();
        change.announce();
        yield value;
      } else if (ended) break;
      else await change.next();
    }
    await pumped;
  } finally {
    ended = true;
    change.announce();
  }
}

/** Wakes everyone who waits for the next change. */
function broadcast(): { announce(): void; next(): Promise<void> } {
  let current = Promise.withResolvers<void>();
  return {
    announce: () => {
      current.resolve();
      current = Promise.withResolvers<void>();
    },
    next: () => current.promise,
  };
}
