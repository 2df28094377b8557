import type { Store } from '../support/sync-bench.ts';

/** A store whose calls take real time, and whether any is under way. */
export interface BusyStore {
  readonly store: Store;
  readonly isBusy: () => boolean;
}

/** Watches every call of a store, so that no history's time passes while one is under way. */
export function busyStore(inner: Store): BusyStore {
  let underWay = 0;
  const ended = (): void => void (underWay -= 1);
  async function* watchedPages<Page>(pages: AsyncIterable<Page>): AsyncIterable<Page> {
    underWay += 1;
    try {
      yield* pages;
    } finally {
      ended();
    }
  }
  const watched = (result: unknown): unknown => {
    if (isAsyncIterable(result)) return watchedPages(result);
    if (result instanceof Promise) {
      underWay += 1;
      result.then(ended, ended);
    }
    return result;
  };
  const store = new Proxy(inner, {
    get: (target, name) => {
      const member: unknown = Reflect.get(target, name);
      if (typeof member !== 'function') return member;
      return (...given: unknown[]) => watched(Reflect.apply(member, target, given));
    },
  });
  return { store, isBusy: () => underWay > 0 };
}

const isAsyncIterable = (value: unknown): value is AsyncIterable<unknown> =>
  typeof value === 'object' && value !== null && Symbol.asyncIterator in value;
