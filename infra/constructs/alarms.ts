import { Duration, Stack } from 'aws-cdk-lib';
import {
  Alarm,
  ComparisonOperator,
  TreatMissingData,
  type IMetric,
  type MetricOptions,
} from 'aws-cdk-lib/aws-cloudwatch';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import { PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { EmailSubscription } from 'aws-cdk-lib/aws-sns-subscriptions';
import { Construct } from 'constructs';
import {
  API_ERRORS_ALARM,
  LATE_EVENTS_ALARM,
  queueAlarm,
  resourceAlarms,
  THROTTLED_ALARM,
  type AlarmDeclaration,
} from '../alarm-declarations.ts';
import type { DeployedCatalog } from '../sources.ts';
import type { CatalogApi } from './catalog-api.ts';
import { alarmMetric } from './catalog-metrics.ts';
import type { ChangeEvents } from './change-events.ts';
import type { Worker } from './worker.ts';

export interface AlarmsProps {
  readonly api: CatalogApi;
  readonly worker: Worker;
  /** Null where there are none. */
  readonly events: ChangeEvents | null;
  /** What is watched: each resource of each source. */
  readonly catalogs: readonly DeployedCatalog[];
  /** Where alarms are sent to; AWS asks that address to confirm first.
   *  @default none: the topic stands, and anything may subscribe to it */
  readonly alarmEmail?: string | undefined;
}

/**
 * Lets this account's alarms publish. A topic without a policy allows that by itself, but one with any
 * policy (here that of `enforceSSL`) allows what it says and nothing else: see "Why didn't I receive an
 * SNS notification for my CloudWatch alarm trigger?" in the AWS Knowledge Center.
 */
function mayPublish(topic: Topic): PolicyStatement {
  return new PolicyStatement({
    sid: 'AlarmsMayPublish',
    principals: [new ServicePrincipal('cloudwatch.amazonaws.com')],
    actions: ['sns:Publish'],
    resources: [topic.topicArn],
    conditions: { StringEquals: { 'aws:SourceAccount': Stack.of(topic).account } },
  });
}

/** Every alarm, and the topic that they go to when they go off, and again when they are over. */
export class Alarms extends Construct {
  readonly topic: Topic;
  readonly alarms: Alarm[] = [];

  constructor(scope: Construct, id: string, props: AlarmsProps) {
    super(scope, id);
    const { worker, catalogs, alarmEmail } = props;
    this.topic = new Topic(this, 'Topic', { enforceSSL: true });
    this.topic.addToResourcePolicy(mayPublish(this.topic));
    if (alarmEmail !== undefined) {
      const deadLetterQueue = worker.lostStarts;
      this.topic.addSubscription(new EmailSubscription(alarmEmail, { deadLetterQueue }));
    }
    for (const catalog of catalogs) {
      for (const declared of resourceAlarms(catalog)) {
        const metric = alarmMetric(this, catalog, declared);
        this.add(`${catalog.slug}-${declared.name}`, declared, metric);
      }
    }
    for (const [declared, metric] of watchedOnce(props)) this.add(declared.name, declared, metric);
  }

  private add(id: string, declared: AlarmDeclaration, metric: IMetric): void {
    const { name, impact, threshold, missingIsTrouble } = declared;
    const alarm = new Alarm(this, id, {
      alarmName: `${Stack.of(this).stackName}-${id}`,
      alarmDescription: `${impact} What to do: docs/runbook.md#${name}`,
      metric,
      threshold,
      comparisonOperator: ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
      evaluationPeriods: 1,
      treatMissingData: missingIsTrouble
        ? TreatMissingData.BREACHING
        : TreatMissingData.NOT_BREACHING,
    });
    const action = new SnsAction(this.topic);
    alarm.addAlarmAction(action);
    alarm.addOkAction(action);
    this.alarms.push(alarm);
  }
}

/** The alarms that there are one of, each on a metric of AWS's own. */
function watchedOnce({
  api,
  worker,
  events,
}: AlarmsProps): readonly (readonly [AlarmDeclaration, IMetric])[] {
  const queue = queueAlarm({ changeEvents: events !== null });
  return [
    [queue, worker.lostStarts.metricApproximateNumberOfMessagesVisible(optionsOf(queue))],
    [THROTTLED_ALARM, worker.fn.metricThrottles(optionsOf(THROTTLED_ALARM))],
    [API_ERRORS_ALARM, api.metricErrors(optionsOf(API_ERRORS_ALARM))],
    ...(events === null
      ? []
      : [[LATE_EVENTS_ALARM, events.metricAge(optionsOf(LATE_EVENTS_ALARM))] as const]),
  ];
}

const optionsOf = ({ statistic, periodMinutes }: AlarmDeclaration): MetricOptions => ({
  statistic,
  period: Duration.minutes(periodMinutes),
});
