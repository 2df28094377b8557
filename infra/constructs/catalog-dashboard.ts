import { Stack } from 'aws-cdk-lib';
import {
  AlarmStatusWidget,
  Dashboard,
  GraphWidget,
  TextWidget,
  type Alarm,
  type IMetric,
} from 'aws-cdk-lib/aws-cloudwatch';
import { Construct } from 'constructs';
import type { MetricName } from '../../shared/core/metrics.ts';
import type { DeployedCatalog } from '../sources.ts';
import { catalogMetric } from './catalog-metrics.ts';
import type { CatalogTable } from './catalog-table.ts';
import type { Worker } from './worker.ts';

export interface CatalogDashboardProps {
  readonly alarms: readonly Alarm[];
  /** What has curves: each resource of each source. */
  readonly catalogs: readonly DeployedCatalog[];
  readonly table: CatalogTable;
  readonly worker: Worker;
}

const WHOLE_WIDTH = 24;
const A_THIRD = 8;

/** Three questions, a row each: is the catalogue fresh, is it complete, is it cheap? */
export class CatalogDashboard extends Construct {
  private readonly catalogs: readonly DeployedCatalog[];

  constructor(scope: Construct, id: string, props: CatalogDashboardProps) {
    super(scope, id);
    const { alarms, catalogs, table, worker } = props;
    this.catalogs = catalogs;
    const { stackName, region } = Stack.of(this);
    // Dashboards are the account's, not a region's.
    const dashboard = new Dashboard(this, 'Dashboard', { dashboardName: `${stackName}-${region}` });
    dashboard.addWidgets(new AlarmStatusWidget({ alarms: [...alarms], width: WHOLE_WIDTH }));
    dashboard.addWidgets(title('Is it fresh?'));
    dashboard.addWidgets(
      graph('Age of the last success', this.of('FreshnessAge', 'Maximum')),
      graph('Duration of a run', this.of('RunDuration', 'Maximum')),
      graph('Failures in a row', this.of('ConsecutiveFailures', 'Maximum')),
    );
    dashboard.addWidgets(title('Is it complete?'));
    dashboard.addWidgets(
      graph('Records that readers see', this.of('LiveRecords', 'Maximum')),
      graph('Changes', [
        ...this.of('RecordsCreated', 'Sum'),
        ...this.of('RecordsUpdated', 'Sum'),
        ...this.of('RecordsRemoved', 'Sum'),
      ]),
      graph('Records in error', this.of('RecordsInError', 'Maximum')),
    );
    dashboard.addWidgets(title('Is it cheap, for us and for the supplier?'));
    dashboard.addWidgets(
      graph('Requests to the supplier', [
        ...this.of('UpstreamRequests', 'Sum'),
        ...this.of('UpstreamRetries', 'Sum'),
        ...this.of('UpstreamRefusals', 'Sum'),
        ...this.of('ReadStarts', 'Sum'),
      ]),
      graph('Latency of the supplier', [
        ...this.of('UpstreamLatency', 'p50'),
        ...this.of('UpstreamLatency', 'p95'),
      ]),
      graph('Table units and worker time', [
        table.table.metricConsumedReadCapacityUnits(),
        table.table.metricConsumedWriteCapacityUnits(),
        worker.fn.metricDuration({ statistic: 'Sum' }),
      ]),
    );
  }

  private of(name: MetricName, statistic: string): IMetric[] {
    const options = { statistic, periodMinutes: 60 };
    return this.catalogs.map((catalog) => catalogMetric(this, catalog, name, options));
  }
}

const title = (markdown: string) =>
  new TextWidget({ markdown: `## ${markdown}`, width: WHOLE_WIDTH, height: 1 });

const graph = (name: string, left: IMetric[]) =>
  new GraphWidget({ title: name, left, width: A_THIRD });
