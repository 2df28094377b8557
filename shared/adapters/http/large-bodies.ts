import { collectGarbage } from '../garbage.ts';

/** Keeps the memory that large bodies take within bounds; small ones never wait. */
export interface LargeBodies {
  /** Resolves once it is this body's turn to be read on, with what ends its turn. */
  enter(): Promise<() => void>;
  /** Notes a body that was given up, whatever was read of it. */
  refused(): void;
}

/** Decoded bytes from which a body is large: no honest record's detail is. */
export const LARGE_BYTES = 64 * 1024;
const AT_ONCE = 2;
/** Large or refused ones. Half a megabyte is read of each detail at the most, beside gzip's own state. */
const BODIES_UNTIL_FREED = 16;

export function createLargeBodies(): LargeBodies {
  const waiting: (() => void)[] = [];
  let reading = 0;
  let over = 0;
  const free = (): void => {
    over += 1;
    if (over % BODIES_UNTIL_FREED === 0) collectGarbage();
  };
  const leave = (): void => {
    reading -= 1;
    waiting.shift()?.();
    free();
  };
  return {
    enter: async () => {
      if (reading >= AT_ONCE) {
        const { promise, resolve } = Promise.withResolvers<void>();
        waiting.push(resolve);
        await promise;
      }
      reading += 1;
      let isOver = false;
      return () => {
        if (!isOver) leave();
        isOver = true;
      };
    },
    refused: free,
  };
}
