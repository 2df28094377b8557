import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import * as z from 'zod';
import { createEmfMetrics } from '../../shared/adapters/emf-metrics.ts';
import { createMemoryStore } from '../../shared/adapters/memory/store.ts';
import { UpstreamError } from '../../shared/core/errors.ts';
import { hours } from '../../shared/core/resource.ts';
import { watchedGate, watchedRun } from '../../shared/core/watched.ts';
import { resources } from '../../shared/resources/index.ts';
import { many } from '../support/fake-source.ts';
import { syncBench, type SyncBench } from '../support/sync-bench.ts';
import { projectRoot, synthesized } from './synthesized.ts';

const metric = z.object({
  Namespace: z.string(),
  MetricName: z.string(),
  Dimensions: z.array(z.object({ Name: z.string(), Value: z.string() })),
});
const stat = z.object({
  Metric: metric,
  Stat: z.string(),
  Unit: z.string().optional(),
  Period: z.number().optional(),
});
const alarmShape = z.object({
  AlarmName: z.string(),
  AlarmDescription: z.string(),
  AlarmActions: z.array(z.string()),
  OKActions: z.array(z.string()),
  Threshold: z.number(),
  ComparisonOperator: z.literal('GreaterThanOrEqualToThreshold'),
  TreatMissingData: z.enum(['breaching', 'notBreaching']),
  Namespace: z.string().optional(),
  MetricName: z.string().optional(),
  Dimensions: metric.shape.Dimensions.optional(),
  Statistic: z.string().optional(),
  Unit: z.string().optional(),
  Period: z.number().optional(),
  Metrics: z
    .array(
      z.object({ Id: z.string(), Expression: z.string().optional(), MetricStat: stat.optional() }),
    )
    .optional(),
});
type Alarm = z.output<typeof alarmShape>;

const template = synthesized({ alarmEmail: 'shop@example.com' });
const alarms = template.ofType('AWS::CloudWatch::Alarm').map((each) => alarmShape.parse(each));

function alarmOf(name: string): Alarm {
  const found = alarms.find(({ AlarmName }) => AlarmName === `b2b-catalog-${name}`);
  if (found === undefined) throw new Error(`no alarm ${name}`);
  return found;
}

/** What an alarm watches, in one form for a single metric and for a computed one. */
function watchedBy(alarm: Alarm): z.output<typeof stat>[] {
  const { Namespace, MetricName, Dimensions = [], Statistic = '', Unit, Period, Metrics } = alarm;
  if (Metrics !== undefined) return Metrics.flatMap(({ MetricStat }) => MetricStat ?? []);
  const one = metric.parse({ Namespace, MetricName, Dimensions });
  return [{ Metric: one, Stat: Statistic, Unit, Period }];
}

const emitted = z.looseObject({
  _aws: z.object({
    Timestamp: z.number(),
    CloudWatchMetrics: z.tuple([
      z.object({
        Namespace: z.string(),
        Dimensions: z.tuple([z.array(z.string())]),
        Metrics: z.array(z.object({ Name: z.string(), Unit: z.string() })),
      }),
    ]),
  }),
});

/** A sync of products whose metrics are read back from the lines that it logs. */
function watchedSync(rows = many(50)) {
  const lines: string[] = [];
  const store = createMemoryStore();
  const bench = syncBench(store, rows, { source: 'main', resource: 'products' });
  const { clock } = bench;
  const metrics = createEmfMetrics({
    write: (line) => lines.push(line),
    nowMs: () => clock.nowMs(),
    deployment: 'b2b-catalog',
  });
  const run = (request: Parameters<SyncBench['sync']>[0] = {}) =>
    bench.sync(request, { store: { ...store, ...watchedRun(store, { metrics, clock }).store } });
  /** Values of the metric that an alarm looks at, taken from the last `count` lines alone. */
  const values = ({ Metric, Unit }: z.output<typeof stat>): number[] =>
    lines.flatMap((line) => {
      const parsed = emitted.parse(JSON.parse(line));
      const { _aws: about } = parsed;
      const [directive] = about.CloudWatchMetrics;
      const isNamed = directive.Metrics.some(
        (one) => one.Name === Metric.MetricName && one.Unit === Unit,
      );
      const dimensions = directive.Dimensions[0].map((Name) => ({ Name, Value: parsed[Name] }));
      const isSame =
        directive.Namespace === Metric.Namespace &&
        sorted(dimensions) === sorted(Metric.Dimensions);
      return isNamed && isSame ? [z.number().parse(parsed[Metric.MetricName])] : [];
    });
  return { bench, run, lines, values, metrics, store };
}

const sorted = (dimensions: readonly { Name: string; Value?: unknown }[]): string =>
  dimensions
    .map(({ Name, Value }) => `${Name}=${String(Value)}`)
    .toSorted()
    .join();

const breakUpstream = (bench: SyncBench, failure: 'key_refused' | 'unavailable') => {
  bench.source.before = () => {
    throw new UpstreamError(failure, 'refused');
  };
};

/** For each alarm of a resource: what brings it about, and what it looks at then. */
const CONDITIONS: Readonly<
  Record<string, (watched: ReturnType<typeof watchedSync>) => Promise<void>>
> = {
  stale: async ({ bench, run, lines }) => {
    await run();
    bench.clock.advance(hours(4));
    breakUpstream(bench, 'key_refused');
    lines.length = 0;
    await run();
  },
  failing: async ({ bench, run }) => {
    breakUpstream(bench, 'unavailable');
    for (let attempt = 0; attempt < 3; attempt += 1) {
      await run();
      bench.untilDue();
    }
  },
  held: async ({ bench, run }) => {
    await run();
    bench.untilDue();
    bench.source.rows = many(30);
    await run();
  },
  'key-refused': async ({ bench, run }) => {
    breakUpstream(bench, 'key_refused');
    await run();
  },
  shrinking: async ({ bench, run }) => {
    await run();
    for (const left of [46, 42]) {
      bench.untilDue();
      bench.source.rows = many(left);
      await run();
    }
  },
};

function valueOf(alarm: Alarm, values: (one: z.output<typeof stat>) => number[]): number {
  const gathered = watchedBy(alarm).map((one) => {
    const all = values(one);
    if (all.length === 0) throw new Error(`${one.Metric.MetricName} was never emitted`);
    if (one.Stat === 'Sum') return all.reduce((sum, value) => sum + value, 0);
    return one.Stat === 'Minimum' ? Math.min(...all) : Math.max(...all);
  });
  const [first = Number.NaN, second] = gathered;
  return second === undefined ? first : (100 * first) / second;
}

describe('alarms', () => {
  test.each(Object.entries(CONDITIONS))(
    'products-%s: its condition, brought about in a run, emits what it watches, past its threshold',
    async (name, bringAbout) => {
      const watched = watchedSync();
      await bringAbout(watched);
      const alarm = alarmOf(`products-${name}`);
      expect(valueOf(alarm, watched.values)).toBeGreaterThanOrEqual(alarm.Threshold);
    },
  );

  test('a run that goes well sets off none of them', async () => {
    const watched = watchedSync();
    await watched.run();
    watched.bench.untilDue();
    await watched.run();
    for (const name of Object.keys(CONDITIONS)) {
      const alarm = alarmOf(`products-${name}`);
      expect(valueOf(alarm, watched.values), name).toBeLessThan(alarm.Threshold);
    }
  });

  test('what a person has approved sets off no shrinking: somebody knows of it', async () => {
    const watched = watchedSync();
    await watched.run();
    watched.bench.untilDue();
    watched.bench.source.rows = many(30);
    const { run_id: heldRunId } = await watched.run();
    const { stats } = await watched.run({
      force: true,
      scope: 'removal',
      heldRunId: heldRunId ?? '',
    });
    expect(stats?.removed).toBe(20);
    const alarm = alarmOf('products-shrinking');
    expect(valueOf(alarm, watched.values)).toBeLessThan(alarm.Threshold);
  });

  test('each resource has every one of them; the queue, throttled starts and failed answers have one each', () => {
    const names = alarms.map(({ AlarmName }) => AlarmName.replace('b2b-catalog-', ''));
    const expected = resources.flatMap(({ name }) =>
      Object.keys(CONDITIONS).map((condition) => `${name}-${condition}`),
    );
    const others = ['on-failure-queue', 'throttled', 'api-errors'];
    expect(names.toSorted()).toEqual([...expected, ...others].toSorted());
  });

  test('answers that failed are counted over 5 minutes; an API that nobody asks is no trouble', () => {
    expect(alarmOf('api-errors')).toMatchObject({
      Namespace: 'AWS/ApiGateway',
      MetricName: '5xx',
      Dimensions: [
        { Name: 'ApiId', Value: 'Api/Http' },
        { Name: 'Stage', Value: '$default' },
      ],
      Statistic: 'Sum',
      Period: 300,
      Threshold: 5,
      TreatMissingData: 'notBreaching',
    });
  });

  test('change events that lag have an alarm where there are any', () => {
    const told = synthesized({ changeEvents: true }).ofType('AWS::CloudWatch::Alarm');
    const named = told.filter((each) => !alarms.some((one) => one.AlarmName === each['AlarmName']));
    expect(named).toEqual([
      expect.objectContaining({
        AlarmName: 'b2b-catalog-change-events-late',
        Namespace: 'AWS/Lambda',
        MetricName: 'IteratorAge',
        Dimensions: [{ Name: 'FunctionName', Value: 'ChangeEvents/Publisher/Function' }],
        Statistic: 'Maximum',
        Threshold: 15 * 60_000,
        TreatMissingData: 'notBreaching',
      }),
    ]);
  });

  test('stale counts two intervals, and silence as trouble; no other does', () => {
    expect(alarmOf('products-stale').Threshold).toBe(2 * 2 * 3600);
    const own = synthesized({ intervals: { products: 180 } }).ofType('AWS::CloudWatch::Alarm');
    const stale = own.find((each) => each['AlarmName'] === 'b2b-catalog-products-stale');
    expect(stale?.['Threshold']).toBe(2 * 180 * 60);
    for (const { AlarmName, TreatMissingData } of alarms) {
      expect(TreatMissingData === 'breaching', AlarmName).toBe(AlarmName.endsWith('-stale'));
    }
  });

  test('stale goes by the rhythm in which there are syncs, and looks, at all', () => {
    const staleOf = (config: object) => {
      const all = synthesized(config).ofType('AWS::CloudWatch::Alarm');
      const stale = alarmShape.parse(
        all.find((each) => each['AlarmName'] === 'b2b-catalog-products-stale'),
      );
      return { threshold: stale.Threshold, period: watchedBy(stale)[0]?.Period };
    };
    expect(staleOf({})).toEqual({ threshold: 4 * 3600, period: 15 * 60 });
    const daily = { schedules: { products: { everyMinutes: 1440 } } };
    expect(staleOf(daily)).toMatchObject({ threshold: 2 * 24 * 3600 });
    expect(staleOf({ intervals: { products: 10 } })).toMatchObject({ threshold: 2 * 3600 });
    const looks = (everyMinutes: number) => staleOf({ schedules: { resume: { everyMinutes } } });
    expect(looks(60)).toMatchObject({ period: 3 * 3600 });
    expect(looks(1440)).toMatchObject({ period: 24 * 3600 });
  });

  test('a period in which nothing was told is trouble at once: it counts as the threshold', () => {
    for (const { name } of resources) {
      const { Metrics = [], Threshold } = alarmOf(`${name}-stale`);
      const told = Metrics.find(({ MetricStat }) => MetricStat !== undefined);
      expect(Metrics.map(({ Expression }) => Expression)).toContain(
        `FILL(${told?.Id}, ${Threshold})`,
      );
    }
  });

  test('what is told at each look is watched over three looks, a quarter of an hour at least, a day at most', () => {
    const periodsAt = (everyMinutes: number) => {
      const all = synthesized({ schedules: { resume: { everyMinutes } } });
      const named = all
        .ofType('AWS::CloudWatch::Alarm')
        .filter(({ AlarmName }) =>
          /products-(?:stale|failing|held|key-refused)$/.test(String(AlarmName)),
        );
      expect(named).toHaveLength(4);
      return new Set(named.map((each) => watchedBy(alarmShape.parse(each))[0]?.Period));
    };
    expect(periodsAt(1)).toEqual(new Set([15 * 60]));
    expect(periodsAt(5)).toEqual(new Set([15 * 60]));
    expect(periodsAt(60)).toEqual(new Set([3 * 3600]));
    expect(periodsAt(1440)).toEqual(new Set([24 * 3600]));
  });

  test('the queue’s alarm speaks of lost change events where there are any', () => {
    const { AlarmDescription } = alarmOf('on-failure-queue');
    expect(AlarmDescription).not.toContain('change events');
    const told = synthesized({ changeEvents: true })
      .ofType('AWS::CloudWatch::Alarm')
      .find((each) => each['AlarmName'] === 'b2b-catalog-on-failure-queue');
    expect(told?.['AlarmDescription']).toMatch(/starts[^.]*change events were lost/i);
  });

  test('the queue’s and the throttles’ alarms watch AWS’s own metrics of our queue and worker', () => {
    expect(alarmOf('on-failure-queue')).toMatchObject({
      Namespace: 'AWS/SQS',
      MetricName: 'ApproximateNumberOfMessagesVisible',
      Dimensions: [{ Name: 'QueueName', Value: 'Worker/LostStarts.QueueName' }],
      Threshold: 1,
    });
    expect(alarmOf('throttled')).toMatchObject({
      Namespace: 'AWS/Lambda',
      MetricName: 'Throttles',
      Dimensions: [{ Name: 'FunctionName', Value: 'Worker/Sync/Function' }],
      Threshold: 1,
    });
  });

  test('each names its impact in words, and a heading of the runbook that exists', () => {
    const runbook = readFileSync(join(projectRoot, 'docs/runbook.md'), 'utf8');
    const headings = [...runbook.matchAll(/^## (.+)$/gm)].map(([, heading]) => heading);
    for (const { AlarmDescription } of alarms) {
      const [, impact = '', heading] =
        /^(.+) What to do: docs\/runbook\.md#([a-z-]+)$/.exec(AlarmDescription) ?? [];
      expect(impact.length).toBeGreaterThan(40);
      expect(headings).toContain(heading);
    }
  });

  test('all go to one topic, also when they are over, and from there to the configured address', () => {
    for (const { AlarmActions, OKActions } of alarms) {
      expect([...AlarmActions, ...OKActions]).toEqual(
        Array.from({ length: 2 }, () => 'Watching/Alarms/Topic'),
      );
    }
    expect(template.ofType('AWS::SNS::Subscription')).toEqual([
      expect.objectContaining({ Protocol: 'email', Endpoint: 'shop@example.com' }),
    ]);
    expect(synthesized().ofType('AWS::SNS::Subscription')).toEqual([]);
  });

  test('alarms may publish to their topic: its policy would else refuse them', () => {
    const [policy] = template.ofType('AWS::SNS::TopicPolicy');
    expect(policy).toMatchObject({
      Topics: ['Watching/Alarms/Topic'],
      PolicyDocument: {
        Statement: expect.arrayContaining([
          {
            Sid: 'AlarmsMayPublish',
            Effect: 'Allow',
            Principal: { Service: 'cloudwatch.amazonaws.com' },
            Action: 'sns:Publish',
            Resource: 'Watching/Alarms/Topic',
            Condition: { StringEquals: { 'aws:SourceAccount': 'AWS::AccountId' } },
          },
        ]),
      },
    });
  });

  test('a deployment that is not watched has none, and its functions write no metrics', () => {
    const silent = synthesized({ watch: false });
    expect(silent.ofType('AWS::CloudWatch::Alarm')).toEqual([]);
    expect(silent.ofType('AWS::CloudWatch::Dashboard')).toEqual([]);
    expect(JSON.stringify(silent.ofType('AWS::Lambda::Function'))).not.toContain('DEPLOYMENT');
  });
});

describe('other metrics', () => {
  test('a run tells its duration, its figures and how the supplier answered', async () => {
    const { bench, store, metrics, lines } = watchedSync();
    const watched = watchedRun(store, { metrics, clock: bench.clock });
    for (let answer = 1; answer <= 250; answer += 1) {
      watched.answered({ latencyMs: answer, isRefusal: answer % 50 === 0 });
    }
    await bench.sync({}, { store: { ...store, ...watched.store } });
    const last = z
      .looseObject({ UpstreamLatency: z.array(z.number()) })
      .parse(JSON.parse(lines.at(-1) ?? ''));
    expect(last).toMatchObject({
      RecordsCreated: 50,
      RecordsInError: 0,
      UpstreamRefusals: 5,
      LiveRecords: 50,
    });
    // CloudWatch takes 100 values of a metric in one line; they stand for the whole run.
    expect(last.UpstreamLatency.length).toBeGreaterThan(50);
    expect(last.UpstreamLatency.length).toBeLessThanOrEqual(100);
    expect(Math.max(...last.UpstreamLatency)).toBeGreaterThan(240);
  });

  test('of many reads that find the catalogue due, the one that starts the worker is counted', async () => {
    const { store, metrics, lines } = watchedSync();
    const gate = watchedGate(store, metrics);
    const ref = { source: 'main', resource: 'products' };
    const claims = await Promise.all([1, 2, 3].map(() => gate.claimTrigger(ref, 1000, 31_000)));
    expect(claims.filter(Boolean)).toHaveLength(1);
    expect(lines.map((line) => JSON.parse(line))).toEqual([
      expect.objectContaining({ ReadStarts: 1 }),
    ]);
  });
});
