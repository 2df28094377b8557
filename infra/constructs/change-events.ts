import { Duration, Stack } from 'aws-cdk-lib';
import type { IMetric, MetricOptions } from 'aws-cdk-lib/aws-cloudwatch';
import { EventBus } from 'aws-cdk-lib/aws-events';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import {
  EventSourceMapping,
  FilterCriteria,
  FilterRule,
  StartingPosition,
  type IFunction,
} from 'aws-cdk-lib/aws-lambda';
import { SqsDlq } from 'aws-cdk-lib/aws-lambda-event-sources';
import type { Queue } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { CHANGE_EVENTS_FUNCTION } from '../../shared/deployment.ts';
import type { changeEventsEnvironment } from '../../shared/environment.ts';
import type { CatalogConfig } from '../config.ts';
import { catalogsOf } from '../sources.ts';
import { CatalogFunction } from './catalog-function.ts';
import type { CatalogTable } from './catalog-table.ts';

export interface ChangeEventsProps {
  readonly config: CatalogConfig;
  /** Made with `streamed: true`. */
  readonly table: CatalogTable;
  /** Where the place in the stream of what could not be published goes. */
  readonly lost: Queue;
}

/**
 * The bus that tells others what changed, and the function that feeds it from the table's stream. What
 * fails is split and tried again 20 times; the place in the stream of what then still fails goes to the
 * queue, and can be read there for as long as the stream keeps it, a day.
 */
export class ChangeEvents extends Construct {
  readonly bus: EventBus;
  private readonly publisher: IFunction;

  constructor(scope: Construct, id: string, { config, table, lost }: ChangeEventsProps) {
    super(scope, id);
    this.bus = new EventBus(this, 'Bus', { eventBusName: Stack.of(this).stackName });
    const { fn } = new CatalogFunction<typeof changeEventsEnvironment>(this, 'Publisher', {
      declaration: CHANGE_EVENTS_FUNCTION,
      logRetentionDays: config.logRetentionDays,
      tracing: config.tracing,
      environment: (publisher) => this.grantPublish(publisher),
      settings: { timeout: Duration.minutes(1) },
    });
    this.publisher = fn;
    new EventSourceMapping(this, 'Stream', {
      target: fn,
      eventSourceArn: table.grantStream(fn),
      startingPosition: StartingPosition.TRIM_HORIZON,
      batchSize: 100,
      maxBatchingWindow: Duration.seconds(5),
      bisectBatchOnError: true,
      retryAttempts: 20,
      onFailure: new SqsDlq(lost),
      filters: [
        FilterCriteria.filter({
          dynamodb: { Keys: { pk: { S: FilterRule.or(...partitionsOf(config)) } } },
        }),
      ],
    });
  }

  /** How old the changes are when they are published, milliseconds. */
  metricAge(options: MetricOptions): IMetric {
    return this.publisher.metric('IteratorAge', options);
  }

  private grantPublish(fn: IFunction): { EVENT_BUS_NAME: string } {
    fn.addToRolePolicy(
      new PolicyStatement({ actions: ['events:PutEvents'], resources: [this.bus.eventBusArn] }),
    );
    return { EVENT_BUS_NAME: this.bus.eventBusName };
  }
}

/** Records, runs and control records; a manifest or a page changes without waking the function. */
const partitionsOf = (config: CatalogConfig): readonly string[] =>
  catalogsOf(config).flatMap(({ source, resource }) => {
    const catalog = `${source}#${resource}`;
    return [catalog, `runs#${catalog}`, `control#${catalog}`];
  });
