import { Stack } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { functionDeclarations } from '../shared/deployment.ts';
import type { CatalogConfig } from './config.ts';
import { AnsweringFunctions } from './answering-functions.ts';
import { CatalogApi } from './constructs/catalog-api.ts';
import { CatalogTable } from './constructs/catalog-table.ts';
import { Identity } from './constructs/identity.ts';
import { ChangeEvents } from './constructs/change-events.ts';
import { Schedules } from './constructs/schedules.ts';
import { SupplierKeys } from './constructs/supplier-key.ts';
import { Watching } from './constructs/watching.ts';
import { Worker } from './constructs/worker.ts';
import { warnOfPlaceholders } from './placeholders.ts';
import { stackNameOf } from './stage-names.ts';
import { tagStack } from './tags.ts';
import { tell } from './outputs.ts';

/** Everything that runs in the cloud: the table, the worker and what starts it, readers and their API. */
export class CatalogStack extends Stack {
  constructor(scope: Construct, config: CatalogConfig) {
    super(scope, stackNameOf(config.stage), {
      description: "Keeps a complete, correct and fresh copy of a supplier's B2B catalogue.",
      terminationProtection: config.retainData,
    });
    tagStack(this, config);
    warnOfPlaceholders(this, config);
    const table = new CatalogTable(this, 'Table', {
      ...config,
      streamed: config.changeEvents,
    });
    const keys = new SupplierKeys(this, config);
    const worker = new Worker(this, 'Worker', { config, table, keys });
    const api = new CatalogApi(this, 'Api', config);
    const identity = new Identity(this, 'Identity', { ...config, apiUrl: api.url });
    const answering = new AnsweringFunctions(this, { config, table, worker, identity });
    api.identifyBy(answering.authorizer());
    for (const declaration of functionDeclarations.filter(({ routes }) => routes.length > 0)) {
      api.serve(declaration, answering.of(declaration));
    }
    new Schedules(this, 'Schedules', { worker, config });
    const events = config.changeEvents
      ? new ChangeEvents(this, 'ChangeEvents', { config, table, lost: worker.lostStarts })
      : null;
    const watching = config.watch
      ? new Watching(this, 'Watching', { config, api, table, worker, events })
      : null;
    tell(this, { api, table, worker, keys, identity, watching, events });
  }
}
