import type { OpenStore } from './catalog-fixture.ts';
import { describeChunks } from './chunk-contract.ts';
import { describeLease } from './lease-contract.ts';
import { describeLedger } from './ledger-contract.ts';
import { describePublishing } from './publishing-contract.ts';
import { describeReading } from './reading-contract.ts';
import { describeTrigger } from './trigger-contract.ts';

/** Every rule that a store keeps: one suite for every store. */
export function describeStore(open: OpenStore): void {
  describeLease(open);
  describeTrigger(open);
  describeChunks(open);
  describeLedger(open);
  describeReading(open);
  describePublishing(open);
}
