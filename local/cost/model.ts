import { METRICS } from '../../shared/core/metrics.ts';
import { resources } from '../../shared/resources/index.ts';
import type { Measured, Usage } from './measured.ts';
import { PRICES } from './prices.ts';

/** What a month looks like, besides what was counted. */
export interface Month {
  /** Between two runs of each resource, minutes. */
  readonly intervalMinutes: number;
  /** Lists that clients read in a month. */
  readonly reads: number;
  /** Mean time of one of the supplier's answers, and how many are asked for at once. */
  readonly supplierLatencyMs: number;
  readonly concurrency: number;
  readonly isWatched: boolean;
}

export interface CostLine {
  readonly service: string;
  readonly what: string;
  readonly dollars: number;
}

const MINUTES_A_MONTH = 30.4375 * 24 * 60;
const TICK_MINUTES = 5;
const WORKER_GB = 1;
/** A tick and a warm read, from start to answer. */
const TICK_SECONDS = 0.2;
const READ_SECONDS = 0.1;
const RECORD_BYTES = 2_000;
const ANSWER_BYTES_A_RECORD = 150;
/** Alarms of each resource of each source, and of the queue, the throttles and failed answers: test/infra counts them
 *  too. Change events have one more, which is not counted, as little as the events are.
 *  AWS bills each metric that an alarm looks at, and one looks at two. */
const ALARMS_A_RESOURCE = 5;
const ALARM_METRICS_A_RESOURCE = 6;
const OTHER_ALARMS = 3;

/** What a month costs, by service. */
export function monthlyCost(measured: Measured, month: Month): readonly CostLine[] {
  const runs = MINUTES_A_MONTH / month.intervalMinutes;
  const ticks = MINUTES_A_MONTH / TICK_MINUTES;
  const times = [
    [measured.usual, runs],
    [measured.tick, ticks],
    [measured.coldRead, Math.min(runs, month.reads)],
    [measured.warmRead, month.reads],
  ] as const;
  const all = (of: (usage: Usage) => number): number =>
    times.reduce((sum, [usage, count]) => sum + of(usage) * count, 0);
  const readUnits = all((usage) => usage.readUnits);
  const writeUnits = all((usage) => usage.writeUnits);
  const storedGB = (measured.products * RECORD_BYTES) / 1e9;
  const { dynamoDBPerReadUnit, dynamoDBPerWriteUnit, dynamoDBPerGBMonth } = PRICES;
  return [
    line('DynamoDB', `${count(readUnits)} read units`, readUnits * dynamoDBPerReadUnit),
    line('DynamoDB', `${count(writeUnits)} write units`, writeUnits * dynamoDBPerWriteUnit),
    line('DynamoDB', `${storedGB.toFixed(3)} GB and its backup`, storedGB * dynamoDBPerGBMonth),
    ...lambdaLines(measured, month, { runs, ticks }),
    line('API Gateway', `${count(month.reads)} requests`, month.reads * PRICES.httpApiPerRequest),
    transferLine(measured, month),
    secretLine(measured),
    line('CloudWatch', `${gigabytes(all(logged))} of logs`, (all(logged) / 1e9) * PRICES.logsPerGB),
    ...(month.isWatched ? watchLines(measured) : []),
  ];
}

const logged = (usage: Usage): number => usage.logBytes;

/** How long one run of each source keeps the worker busy, seconds: nearly all of it is waiting for the
 *  suppliers. */
export function runSeconds({ usual }: Measured, month: Month): number {
  return (usual.supplierRequests * month.supplierLatencyMs) / month.concurrency / 1000;
}

function lambdaLines(
  measured: Measured,
  month: Month,
  { runs, ticks }: { readonly runs: number; readonly ticks: number },
): CostLine[] {
  const seconds =
    runs * runSeconds(measured, month) +
    measured.sources * ticks * TICK_SECONDS +
    month.reads * READ_SECONDS;
  const starts = measured.sources * (runs * resources.length + ticks) + month.reads;
  const gbSeconds = seconds * WORKER_GB;
  return [
    line('Lambda', `${count(gbSeconds)} GB seconds`, gbSeconds * PRICES.lambdaPerGBSecond),
    line('Lambda', `${count(starts)} starts`, starts * PRICES.lambdaPerRequest),
  ];
}

function transferLine({ products }: Measured, { reads }: Month): CostLine {
  const bytes = reads * products * ANSWER_BYTES_A_RECORD;
  return line('Transfer', `${gigabytes(bytes)} to clients`, (bytes / 1e9) * PRICES.transferPerGB);
}

function secretLine({ sources }: Measured): CostLine {
  // Each supplier's key, and what sessions are signed with.
  const secrets = sources + 1;
  return line('Secrets Manager', `${secrets} secrets`, secrets * PRICES.secretPerMonth);
}

function watchLines({ sources }: Measured): CostLine[] {
  const metrics = Object.keys(METRICS).length * resources.length * sources;
  const watched = resources.length * sources;
  const alarms = ALARMS_A_RESOURCE * watched + OTHER_ALARMS;
  const alarmMetrics = ALARM_METRICS_A_RESOURCE * watched + OTHER_ALARMS;
  return [
    line('CloudWatch', `${metrics} metrics`, metrics * PRICES.metricPerMonth),
    line(
      'CloudWatch',
      `${alarms} alarms on ${alarmMetrics} metrics`,
      alarmMetrics * PRICES.alarmPerMonth,
    ),
    line('CloudWatch', 'one dashboard', PRICES.dashboardPerMonth),
  ];
}

const line = (service: string, what: string, dollars: number): CostLine => ({
  service,
  what,
  dollars,
});
const count = (value: number): string => Math.round(value).toLocaleString('en');
const gigabytes = (bytes: number): string => `${(bytes / 1e9).toFixed(3)} GB`;
