import type { CatalogReader, Log } from '../shared/core/ports.ts';
import type { TriggerPorts } from '../shared/core/soft-trigger.ts';
import type { ReadPorts } from '../shared/reads/catalog.ts';

/** Built at the first call, so that loading a handler is free. */
export type Lazy<Value> = () => Value;

/** What answering any request needs. */
export interface HttpServices {
  readonly log: Log;
  /** False: reads need the scope `read`, or a signature that API Gateway checked. */
  readonly publicReads: boolean;
  /** Origins that pages may load images from, for example `https://img.supplier.example`. */
  readonly imageHosts: readonly string[];
}

/** Everything the reading functions need of the outside. */
export interface ReadServices extends HttpServices, ReadPorts, TriggerPorts {
  /** As `reader`, but it looks at the control record each time: for those who watch a sync. */
  readonly live: CatalogReader;
}

/** What the bundler made of the pages' own files. */
export interface Assets {
  readonly stylesheet: string;
  readonly staffScript: string;
  readonly shopScript: string;
}

export interface AssetServices extends HttpServices {
  readonly assets: () => Assets;
}

/** Calls `make` once, at the first call; a failure is not kept. */
export function lazily<Value>(make: () => Value): Lazy<Value> {
  let made: { readonly value: Value } | undefined;
  return () => {
    made ??= { value: make() };
    return made.value;
  };
}
