import { ADAPTER_SABOTAGES } from './sabotages-adapters.ts';
import { CORE_SABOTAGES } from './sabotages-core.ts';
import { READ_SABOTAGES } from './sabotages-reads.ts';

/** One exact replacement in one file. */
export interface Edit {
  readonly file: string;
  /** Must be in the file exactly once: a sabotage of code that is gone fails loudly. */
  readonly find: string;
  readonly replace: string;
}

/** One bug to plant, and the tests that must go red. */
export interface Sabotage {
  readonly name: string;
  readonly edits: readonly Edit[];
  /** Test files to run: those that are to notice. */
  readonly tests: readonly string[];
}

export const SABOTAGES: readonly Sabotage[] = [
  ...CORE_SABOTAGES,
  ...ADAPTER_SABOTAGES,
  ...READ_SABOTAGES,
];
