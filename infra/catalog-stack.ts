import { CfnOutput, Stack } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { functionDeclarations } from '../shared/deployment.ts';
import type { CatalogConfig } from './config.ts';
import { AnsweringFunctions } from './answering-functions.ts';
import { CatalogApi } from './constructs/catalog-api.ts';
import { CatalogTable } from './constructs/catalog-table.ts';
import { Identity } from './constructs/identity.ts';
import { Schedules } from './constructs/schedules.ts';
import { SupplierKey } from './constructs/supplier-key.ts';
import { Worker } from './constructs/worker.ts';

/** Everything that runs in the cloud: the table, the worker and what starts it, readers and their API. */
export class CatalogStack extends Stack {
  constructor(scope: Construct, config: CatalogConfig) {
    super(scope, ['b2b-catalog', config.stage].filter(Boolean).join('-'), {
      description: "Keeps a complete, correct and fresh copy of a supplier's B2B catalogue.",
    });
    const table = new CatalogTable(this, 'Table');
    const key = new SupplierKey(this, 'SupplierKey', config);
    const worker = new Worker(this, 'Worker', { config, table, key });
    const api = new CatalogApi(this, 'Api', config);
    const identity = new Identity(this, 'Identity', { issuer: config.issuer, apiUrl: api.url });
    const answering = new AnsweringFunctions(this, { config, table, worker, identity });
    api.identifyBy(answering.authorizer());
    for (const declaration of functionDeclarations.filter(({ routes }) => routes.length > 0)) {
      api.serve(declaration, answering.of(declaration));
    }
    new Schedules(this, 'Schedules', { worker, overrides: config.schedules });
    this.tell({ api, table, worker, key });
  }

  /** What people and the command line need to know once it is deployed. */
  private tell(parts: { api: CatalogApi; table: CatalogTable; worker: Worker; key: SupplierKey }) {
    const outputs = {
      ApiUrl: parts.api.url,
      TableName: parts.table.table.tableName,
      WorkerFunctionName: parts.worker.fn.functionName,
      LostStartsQueueUrl: parts.worker.lostStarts.queueUrl,
      SupplierKeySecretArn: parts.key.arn,
      SetSupplierKeyCommand: `aws secretsmanager put-secret-value --secret-id ${parts.key.arn} --secret-string file://supplier-key.txt`,
    };
    for (const [name, value] of Object.entries(outputs)) new CfnOutput(this, name, { value });
  }
}
