/** Lets only a few large bodies be read at once; small ones never wait. */
export interface LargeBodies {
  /** Resolves once it is this body's turn, with what ends its turn. */
  enter(): Promise<() => void>;
}

/** Decoded bytes from which a body is large: no honest record's detail is. */
export const LARGE_BYTES = 64 * 1024;
const AT_ONCE = 2;

export function createLargeBodies(): LargeBodies {
  const waiting: (() => void)[] = [];
  let reading = 0;
  const leave = (): void => {
    reading -= 1;
    waiting.shift()?.();
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
  };
}
