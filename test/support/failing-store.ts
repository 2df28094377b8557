import type { CatalogStore } from '../../shared/core/ports.ts';
import type { Store } from './sync-bench.ts';

/** A process that died: nothing after it happens. */
export class Crash extends Error {
  override readonly name = 'Crash';
}

type Operation = 'acquire' | 'ledger' | 'commit' | 'writeManifest' | 'writePage' | 'finish';

export interface Interception {
  readonly operation: Operation;
  /** Counts all intercepted operations, from 1. */
  readonly call: number;
}

/** The same store seen by one worker, with something happening before or after each of its writes. */
export function intercepted(
  store: Store,
  before: (at: Interception) => void | Promise<void>,
  after: (at: Interception) => void | Promise<void> = () => {},
): Store {
  let call = 0;
  const around =
    <Arguments extends unknown[], Result>(
      operation: Operation,
      run: (...given: Arguments) => Promise<Result>,
    ) =>
    async (...given: Arguments): Promise<Result> => {
      const at = { operation, call: (call += 1) };
      await before(at);
      const result = await run(...given);
      await after(at);
      return result;
    };
  const writes: Pick<CatalogStore, Operation> = {
    acquire: around('acquire', store.acquire.bind(store)),
    ledger: around('ledger', store.ledger.bind(store)),
    commit: around('commit', store.commit.bind(store)),
    writeManifest: around('writeManifest', store.writeManifest.bind(store)),
    writePage: around('writePage', store.writePage.bind(store)),
    finish: around('finish', store.finish.bind(store)),
  };
  return { ...store, ...writes };
}

/** Dies at the n-th write: before it takes effect, or after it did and before anyone hears of it. Once
 *  dead, it stays dead. */
export function dyingStore(store: Store, atCall: number, when: 'before' | 'after'): Store {
  let isDead = false;
  const die = (): void => {
    isDead = true;
    throw new Crash(`died ${when} write ${atCall}`);
  };
  return intercepted(
    store,
    ({ call }) => {
      if (isDead || (when === 'before' && call === atCall)) die();
    },
    ({ call }) => {
      if (when === 'after' && call === atCall) die();
    },
  );
}
