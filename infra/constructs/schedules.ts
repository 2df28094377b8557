import { Duration } from 'aws-cdk-lib';
import { Rule, RuleTargetInput, Schedule } from 'aws-cdk-lib/aws-events';
import { LambdaFunction } from 'aws-cdk-lib/aws-events-targets';
import { Construct } from 'constructs';
import { catalogSlug } from '../../shared/core/source-names.ts';
import { schedulesOf, type ScheduleDeclaration } from '../../shared/deployment.ts';
import type { CatalogConfig } from '../config.ts';
import { scheduleExpression } from '../schedule-expression.ts';
import { sourcesOf } from '../sources.ts';
import type { Worker } from './worker.ts';

export interface SchedulesProps {
  readonly worker: Worker;
  readonly config: CatalogConfig;
}

/** The rules of each source: one of each resource, and the tick that resumes its unfinished runs. */
export class Schedules extends Construct {
  constructor(scope: Construct, id: string, { worker, config }: SchedulesProps) {
    super(scope, id);
    const sources = sourcesOf(config);
    const overrides = new Map(
      sources.flatMap(({ name: source, schedules }) =>
        Object.entries(schedules).map(([resource, rhythm]) => [
          catalogSlug({ source, resource }),
          rhythm,
        ]),
      ),
    );
    for (const declaration of schedulesOf(sources.map(({ name }) => name))) {
      this.addRule({ ...declaration, ...overrides.get(declaration.name) }, worker);
    }
  }

  private addRule(declaration: ScheduleDeclaration, { fn, lostStarts }: Worker): void {
    new Rule(this, declaration.name, {
      description: `Starts the sync: ${declaration.name}`,
      schedule: Schedule.expression(scheduleExpression(declaration)),
      targets: [
        new LambdaFunction(fn, {
          event: RuleTargetInput.fromObject(declaration.payload),
          // A start that comes late is worth nothing: the next one is on its way.
          maxEventAge: Duration.minutes(5),
          retryAttempts: 2,
          deadLetterQueue: lostStarts,
        }),
      ],
    });
  }
}
