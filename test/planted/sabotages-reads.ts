import { plantIn } from './plant.ts';
import type { Sabotage } from './sabotages.ts';

const plant = plantIn('shared/reads');

/** Bugs in what readers are told. */
export const READ_SABOTAGES: readonly Sabotage[] = [
  plant(
    'a cursor is believed how many pages there are',
    'open-source.ts',
    'return pin.base === newest.base',
    'return pin.base === -1',
    'test/functions/published.test.ts',
  ),
  plant(
    'a 304 hides what a run’s end changed beside a record',
    'catalog.ts',
    '[own.version, ...versions]',
    '[own.version, ...versions.slice(2)]',
    'test/functions/conditional.test.ts',
  ),
];
