import * as z from 'zod';
import { startChild } from '../child.ts';
import type { SupplierSettings } from './main.ts';

const started = z.object({ port: z.number() });
const counts = z.object({ served: z.number(), refused: z.number(), mostInFlight: z.number() });

export type SupplierCounts = z.output<typeof counts>;

export interface BenchSupplier {
  readonly baseUrl: string;
  /** What it saw since it was last asked. */
  readonly counts: () => Promise<SupplierCounts>;
  readonly stop: () => Promise<void>;
}

/** Starts a supplier in a process of its own. */
export async function startSupplier(settings: SupplierSettings): Promise<BenchSupplier> {
  const child = await startChild('supplier/main.ts', settings);
  const { port } = started.parse(child.first);
  return {
    baseUrl: `http://127.0.0.1:${port}/api/v1`,
    counts: async () => counts.parse(await child.ask({})),
    stop: child.stop,
  };
}
