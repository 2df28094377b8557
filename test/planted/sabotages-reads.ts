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
  plant(
    'a page of a walk says when the newest version was synced, not its own',
    'open-source.ts',
    'return isNewest ? control :',
    'return isNewest || true ? control :',
    'test/functions/paging.test.ts',
  ),
  plantIn('functions/http')(
    'a source’s walk goes on in whichever source has the id by now',
    'operations.ts',
    '{ ...kept, source: ofSource, cursor }',
    "{ ...kept, source: event.queryStringParameters['source'], cursor }",
    'test/functions/sources.test.ts',
  ),
  plantIn('functions/http')(
    'caches may keep a price past its end',
    'answer-result.ts',
    'const leftSeconds = Math.floor(((changesAtMs ?? Infinity) - nowMs) / 1000);',
    'const leftSeconds = Infinity;',
    'test/functions/conditional.test.ts',
  ),
  plantIn('shared/core')(
    'what a person approved counts as a catalogue that shrinks by itself',
    'metrics.ts',
    "...(scope !== 'removal' && { RecordsRemoved: stats.removed }),",
    'RecordsRemoved: stats.removed,',
    'test/infra/alarms.test.ts',
  ),
];
