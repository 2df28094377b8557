import { Duration, Stack } from 'aws-cdk-lib';
import { MathExpression, Metric, Unit, type IMetric } from 'aws-cdk-lib/aws-cloudwatch';
import type { Construct } from 'constructs';
import { METRIC_DIMENSIONS, METRIC_NAMESPACE } from '../../shared/adapters/emf-metrics.ts';
import type { CatalogRef } from '../../shared/core/control.ts';
import { METRICS, type MetricName } from '../../shared/core/metrics.ts';
import { catalogName } from '../../shared/core/source-names.ts';
import type { ResourceAlarm } from '../alarm-declarations.ts';

export interface MetricOptions {
  readonly statistic: string;
  readonly periodMinutes: number;
}

/** One of our own metrics, as the functions write it. */
export function catalogMetric(
  scope: Construct,
  ref: CatalogRef,
  name: MetricName,
  { statistic, periodMinutes }: MetricOptions,
): Metric {
  const [deployment, source, ofResource] = METRIC_DIMENSIONS;
  return new Metric({
    namespace: METRIC_NAMESPACE,
    metricName: name,
    dimensionsMap: {
      [deployment]: Stack.of(scope).stackName,
      [source]: ref.source,
      [ofResource]: ref.resource,
    },
    unit: UNITS[METRICS[name]],
    statistic,
    period: Duration.minutes(periodMinutes),
    label: `${catalogName(ref)} ${name}`,
  });
}

/** What an alarm compares with its threshold. */
export function alarmMetric(scope: Construct, ref: CatalogRef, alarm: ResourceAlarm): IMetric {
  const { metric, percentOf, periodMinutes, missingIsTrouble, threshold } = alarm;
  const watched = catalogMetric(scope, ref, metric, alarm);
  if (missingIsTrouble) return orTrouble(watched, threshold);
  if (percentOf === undefined) return watched;
  const whole = catalogMetric(scope, ref, percentOf, { statistic: 'Maximum', periodMinutes });
  return new MathExpression({
    expression: '100 * part / whole',
    usingMetrics: { part: watched, whole },
    period: Duration.minutes(periodMinutes),
    label: `${catalogName(ref)} ${metric}, % of ${percentOf}`,
  });
}

/**
 * A period without a value counts as trouble at once. An alarm's own treatment of missing data looks back
 * over more periods than it evaluates, and goes by an older value while there is one: three quarters of an
 * hour, of 15 minutes ("How alarm state is evaluated when data is missing", Amazon CloudWatch User Guide).
 */
const orTrouble = (metric: Metric, threshold: number): IMetric =>
  new MathExpression({
    expression: `FILL(told, ${threshold})`,
    usingMetrics: { told: metric },
    period: metric.period,
    ...(metric.label !== undefined && { label: metric.label }),
  });

const UNITS = {
  Seconds: Unit.SECONDS,
  Milliseconds: Unit.MILLISECONDS,
  Count: Unit.COUNT,
} as const;
