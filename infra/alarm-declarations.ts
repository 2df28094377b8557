import type { MetricName } from '../shared/core/metrics.ts';
import type { CatalogConfig } from './config.ts';
import type { DeployedCatalog } from './sources.ts';

/** One alarm: what it watches, and what people are told of it. */
export interface AlarmDeclaration {
  /** Also the heading of docs/runbook.md that says what to do. */
  readonly name: string;
  /** What it means for the shop, in plain words. */
  readonly impact: string;
  /** It goes off from this value on. */
  readonly threshold: number;
  /** How long one value is gathered, minutes. */
  readonly periodMinutes: number;
  readonly statistic: 'Minimum' | 'Maximum' | 'Sum';
  /** No value at all counts as trouble. */
  readonly missingIsTrouble: boolean;
}

/** An alarm on one of our own metrics, one for each resource. */
export interface ResourceAlarm extends AlarmDeclaration {
  readonly metric: MetricName;
  /** The value counts as a part of this metric's maximum, in percent. */
  readonly percentOf?: MetricName;
}

/** A catalogue is stale after so many times without a success. */
const STALE_AFTER_TIMES = 2;
/** So many looks in a row must be missing before silence is trouble. */
const MISSED_LOOKS = 3;
const LEAST_PERIOD_MINUTES = 15;
/** CloudWatch looks back over a day at the most. */
const DAY_MINUTES = 24 * 60;
/** The guard lets 10 % go in one run (see deletion.ts): this looks at a whole day of runs. */
const SHRINKING_PERCENT_A_DAY = 10;

/** The alarms of one resource in its rhythm. */
export function resourceAlarms({
  syncedEveryMinutes,
  lookedAtEveryMinutes,
}: Pick<DeployedCatalog, 'syncedEveryMinutes' | 'lookedAtEveryMinutes'>): readonly ResourceAlarm[] {
  // Over what is told at each look: over less, an alarm would end and begin again between two of them.
  const missedMinutes = Math.max(LEAST_PERIOD_MINUTES, MISSED_LOOKS * lookedAtEveryMinutes);
  const periodMinutes = Math.min(DAY_MINUTES, missedMinutes);
  return [
    {
      name: 'stale',
      impact:
        'The shop shows a catalogue that missed two syncs in a row: prices and stock may be wrong.',
      metric: 'FreshnessAge',
      // The youngest of the period, so that one success ends it.
      statistic: 'Minimum',
      threshold: syncedEveryMinutes * 60 * STALE_AFTER_TIMES,
      periodMinutes,
      missingIsTrouble: true,
    },
    {
      name: 'failing',
      impact:
        'Three syncs in a row failed: the shop sells from its last good copy, which grows old.',
      metric: 'ConsecutiveFailures',
      statistic: 'Maximum',
      threshold: 3,
      periodMinutes,
      missingIsTrouble: false,
    },
    {
      name: 'held',
      impact:
        'So many records vanished from the supplier’s list that a person must decide; until then the shop still shows them.',
      metric: 'HeldDeletions',
      statistic: 'Maximum',
      threshold: 1,
      periodMinutes,
      missingIsTrouble: false,
    },
    {
      name: 'key-refused',
      impact:
        'The supplier refuses the shop’s key, or there is none: nothing can be synced until a valid one is set.',
      metric: 'KeyRefused',
      statistic: 'Maximum',
      threshold: 1,
      periodMinutes,
      missingIsTrouble: false,
    },
    {
      name: 'shrinking',
      impact:
        'A tenth of the catalogue was removed within a day, in steps that each seemed harmless, and by nobody’s approval.',
      metric: 'RecordsRemoved',
      percentOf: 'LiveRecords',
      statistic: 'Sum',
      threshold: SHRINKING_PERCENT_A_DAY,
      periodMinutes: DAY_MINUTES,
      missingIsTrouble: false,
    },
  ];
}

/** Something that was started could not be done, or told, and nobody knows of it. */
export const queueAlarm = ({
  changeEvents,
}: Pick<CatalogConfig, 'changeEvents'>): AlarmDeclaration => ({
  name: 'on-failure-queue',
  impact: changeEvents
    ? 'Starts of the sync or change events were lost: if the next starts fail too, the catalogue grows old, and who follows the events has missed changes.'
    : 'Starts of the sync failed or were lost; if the next ones do too, the catalogue grows old.',
  statistic: 'Maximum',
  threshold: 1,
  periodMinutes: 5,
  missingIsTrouble: false,
});

export const THROTTLED_ALARM: AlarmDeclaration = {
  name: 'throttled',
  impact:
    'Lambda refused to start the sync: too many at once for its reserved or the account’s concurrency.',
  statistic: 'Sum',
  threshold: 1,
  periodMinutes: 15,
  missingIsTrouble: false,
};

/** Of all routes together. A few may fail in a bad moment of the store, and clients ask again. */
export const API_ERRORS_ALARM: AlarmDeclaration = {
  name: 'api-errors',
  impact:
    'Requests to the shop’s API fail: some of its readers see an error in place of the catalogue.',
  statistic: 'Sum',
  threshold: 5,
  periodMinutes: 5,
  missingIsTrouble: false,
};

/** Milliseconds: some of the publisher's attempts may fail, and the lag is made good within this. */
const LATE_AFTER_MS = 15 * 60_000;

export const LATE_EVENTS_ALARM: AlarmDeclaration = {
  name: 'change-events-late',
  impact:
    'Change events are not told in time: who follows them goes by a catalogue that is a quarter of an hour old.',
  statistic: 'Maximum',
  threshold: LATE_AFTER_MS,
  periodMinutes: 5,
  missingIsTrouble: false,
};
