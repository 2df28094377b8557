import { Construct } from 'constructs';
import type { CatalogConfig } from '../config.ts';
import { catalogsOf } from '../sources.ts';
import { Alarms } from './alarms.ts';
import type { CatalogApi } from './catalog-api.ts';
import { CatalogDashboard } from './catalog-dashboard.ts';
import type { CatalogTable } from './catalog-table.ts';
import type { ChangeEvents } from './change-events.ts';
import type { Worker } from './worker.ts';

export interface WatchingProps {
  readonly config: CatalogConfig;
  readonly api: CatalogApi;
  readonly table: CatalogTable;
  readonly worker: Worker;
  readonly events: ChangeEvents | null;
}

/** The alarms and the dashboard over what the functions measure. */
export class Watching extends Construct {
  readonly alarms: Alarms;

  constructor(scope: Construct, id: string, props: WatchingProps) {
    super(scope, id);
    const { config, table, worker } = props;
    const catalogs = catalogsOf(config);
    const { alarmEmail } = config;
    this.alarms = new Alarms(this, 'Alarms', { ...props, alarmEmail, catalogs });
    const { alarms } = this.alarms;
    new CatalogDashboard(this, 'Dashboard', { alarms, catalogs, table, worker });
  }
}
