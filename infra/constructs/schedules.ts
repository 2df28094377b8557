import { Duration } from 'aws-cdk-lib';
import { Rule, RuleTargetInput, Schedule } from 'aws-cdk-lib/aws-events';
import { LambdaFunction } from 'aws-cdk-lib/aws-events-targets';
import { Queue, type IQueue } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import type { ScheduleDeclaration } from '../../shared/deployment.ts';
import type { CatalogConfig } from '../config.ts';
import { scheduleExpression } from '../schedule-expression.ts';
import { rulesOf } from '../sources.ts';
import type { Worker } from './worker.ts';

export interface SchedulesProps {
  readonly worker: Worker;
  readonly config: CatalogConfig;
}

/** The rules of each source: one of each resource, and the tick that resumes its unfinished runs. */
export class Schedules extends Construct {
  constructor(scope: Construct, id: string, { worker, config }: SchedulesProps) {
    super(scope, id);
    // By its ARN: CDK would add a statement for each rule to its policy, which takes 20 at the most. The
    // queue lets all of them in by one.
    const lostStarts = Queue.fromQueueArn(this, 'LostStarts', worker.lostStarts.queueArn);
    for (const declaration of rulesOf(config)) this.addRule(declaration, worker, lostStarts);
  }

  private addRule(declaration: ScheduleDeclaration, { fn }: Worker, lostStarts: IQueue): void {
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
