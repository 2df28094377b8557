import { Duration, Stack } from 'aws-cdk-lib';
import { PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { SystemLogLevel, type IFunction } from 'aws-cdk-lib/aws-lambda';
import { SqsDestination } from 'aws-cdk-lib/aws-lambda-destinations';
import type { NodejsFunction } from 'aws-cdk-lib/aws-lambda-nodejs';
import { Queue, QueueEncryption } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { functionDeclarations } from '../../shared/deployment.ts';
import { supplierEnvironment, type workerEnvironment } from '../../shared/environment.ts';
import { resources } from '../../shared/resources/index.ts';
import { WORKER_NODE_OPTIONS } from '../bundling.ts';
import type { CatalogConfig } from '../config.ts';
import { intervalVariables } from '../interval-variables.ts';
import { acknowledge } from '../rule-packs.ts';
import { CatalogFunction } from './catalog-function.ts';
import type { CatalogTable } from './catalog-table.ts';
import { sourcesOf, spelledByEach, type NamedSource } from '../sources.ts';
import type { SupplierKeys } from './supplier-key.ts';

export interface WorkerProps {
  readonly config: CatalogConfig;
  readonly table: CatalogTable;
  readonly keys: SupplierKeys;
}

function workerDeclaration() {
  const declaration = functionDeclarations.find(({ role }) => role === 'worker');
  if (declaration === undefined) throw new Error('No worker is declared in shared/deployment.ts.');
  return declaration;
}

/** A run of each catalogue side by side, and room for the ticks that find them busy and end at once: so
 *  a source whose supplier hangs keeps no instance from another. */
const instancesOf = (config: CatalogConfig): number =>
  sourcesOf(config).length * resources.length + 2;

/**
 * The function that syncs: the only one that may read a supplier's key. It has no HTTP route; rules,
 * readers and people with permission start it. A start that fails is not repeated by Lambda, since the
 * next tick resumes the run from its checkpoint; what was lost is kept in a queue.
 */
export class Worker extends Construct {
  readonly fn: NodejsFunction;
  readonly lostStarts: Queue;

  constructor(scope: Construct, id: string, { config, table, keys }: WorkerProps) {
    super(scope, id);
    this.lostStarts = new Queue(this, 'LostStarts', {
      encryption: QueueEncryption.SQS_MANAGED,
      enforceSSL: true,
      retentionPeriod: Duration.days(14),
    });
    this.lostStarts.addToResourcePolicy(rulesMaySend(this.lostStarts));
    acknowledge(
      this.lostStarts,
      'AwsSolutions::AwsSolutions-SQS3',
      'Serverless::Serverless-SQSRedrivePolicy',
    );
    const { fn } = new CatalogFunction<typeof workerEnvironment>(this, 'Sync', {
      declaration: workerDeclaration(),
      logRetentionDays: config.logRetentionDays,
      tracing: config.tracing,
      environment: (worker) => ({
        ...table.grantSync(worker),
        ...keys.grantRead(worker),
        ...suppliersVariables(config),
        ...intervalVariables(config),
        ...(config.watch && { DEPLOYMENT: Stack.of(this).stackName }),
      }),
      settings: {
        timeout: Duration.minutes(15),
        // Its reports say how much memory a run took.
        systemLogLevelV2: SystemLogLevel.INFO,
        ...(config.reserveWorkerConcurrency && {
          reservedConcurrentExecutions: instancesOf(config),
        }),
        retryAttempts: 0,
        maxEventAge: Duration.minutes(5),
        onFailure: new SqsDestination(this.lostStarts),
      },
    });
    fn.addEnvironment('NODE_OPTIONS', WORKER_NODE_OPTIONS.join(' '));
    this.fn = fn;
  }

  /** Lets `fn` start a sync, and nothing else of the worker's. */
  grantStart(fn: IFunction): void {
    fn.addToRolePolicy(
      new PolicyStatement({
        actions: ['lambda:InvokeFunction'],
        resources: [this.fn.functionArn],
      }),
    );
  }
}

/** Lets this account's rules leave there what they could not deliver, however many of them there are. */
function rulesMaySend(queue: Queue): PolicyStatement {
  return new PolicyStatement({
    sid: 'RulesMaySend',
    principals: [new ServicePrincipal('events.amazonaws.com')],
    actions: ['sqs:SendMessage'],
    resources: [queue.queueArn],
    conditions: { StringEquals: { 'aws:SourceAccount': Stack.of(queue).account } },
  });
}

/** Those of the main source under their own names, those of the others under theirs. */
function suppliersVariables(config: CatalogConfig) {
  const [main, ...others] = sourcesOf(config);
  return {
    ...supplierVariables(main),
    ...spelledByEach(others, supplierVariables),
    ...(config.incremental && { B2B_INCREMENTAL: 'true' }),
  };
}

const SUPPLIER_DEFAULTS = supplierEnvironment
  .pick({ B2B_PAGE_SIZE: true, B2B_CONCURRENCY: true, B2B_TIMEOUT_SECONDS: true })
  .parse({});

/** What is as the function has it by default is left out: Lambda takes 4 KB of variables in all. */
function supplierVariables({
  supplierUrl,
  siteId,
  pageSize,
  concurrency,
  timeoutSeconds,
}: NamedSource) {
  const usual = SUPPLIER_DEFAULTS;
  return {
    B2B_API_URL: supplierUrl,
    ...(siteId !== undefined && { B2B_SITE_ID: siteId }),
    ...(pageSize !== usual.B2B_PAGE_SIZE && { B2B_PAGE_SIZE: String(pageSize) }),
    ...(concurrency !== usual.B2B_CONCURRENCY && { B2B_CONCURRENCY: String(concurrency) }),
    ...(timeoutSeconds !== usual.B2B_TIMEOUT_SECONDS && {
      B2B_TIMEOUT_SECONDS: String(timeoutSeconds),
    }),
  };
}
