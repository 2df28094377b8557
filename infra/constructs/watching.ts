import { Construct } from 'constructs';
import type { CatalogConfig } from '../config.ts';
import { catalogsOf } from '../sources.ts';
import { Alarms } from './alarms.ts';
import { CatalogDashboard } from './catalog-dashboard.ts';
import type { CatalogTable } from './catalog-table.ts';
import type { Worker } from './worker.ts';

export interface WatchingProps {
  readonly config: CatalogConfig;
  readonly table: CatalogTable;
  readonly worker: Worker;
}

/** The alarms and the dashboard over what the functions measure. */
export class Watching extends Construct {
  readonly alarms: Alarms;

  constructor(scope: Construct, id: string, { config, table, worker }: WatchingProps) {
    super(scope, id);
    const catalogs = catalogsOf(config);
    this.alarms = new Alarms(this, 'Alarms', { ...config, worker, catalogs });
    const { alarms } = this.alarms;
    new CatalogDashboard(this, 'Dashboard', { alarms, catalogs, table, worker });
  }
}
