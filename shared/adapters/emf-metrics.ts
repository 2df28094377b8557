import { METRICS, type Figures, type MetricName, type Metrics } from '../core/metrics.ts';

/** The namespace and the dimensions under which CloudWatch keeps every metric. */
export const METRIC_NAMESPACE = 'B2BCatalogSync';
export const METRIC_DIMENSIONS = ['Deployment', 'Source', 'Resource'] as const;

/**
 * Metrics as lines of the log in CloudWatch's embedded metric format: no call, no waiting, no
 * permission; they arrive with the log, even of an invocation that dies.
 */
export function createEmfMetrics(settings: {
  /** Takes one line, without the line break. */
  readonly write: (line: string) => void;
  readonly nowMs: () => number;
  /** Names this deployment among others of the account. */
  readonly deployment: string;
}): Metrics {
  const { write, nowMs, deployment } = settings;
  return {
    record: ({ source, resource }, figures) => {
      const dimensions = { Deployment: deployment, Source: source, Resource: resource };
      const about = { Timestamp: nowMs(), CloudWatchMetrics: [directive(figures)] };
      write(JSON.stringify({ _aws: about, ...dimensions, ...figures }));
    },
  };
}

function directive(figures: Figures) {
  const named = Object.keys(figures).filter(isMetric);
  return {
    Namespace: METRIC_NAMESPACE,
    Dimensions: [METRIC_DIMENSIONS],
    Metrics: named.map((Name) => ({ Name, Unit: METRICS[Name] })),
  };
}

const isMetric = (name: string): name is MetricName => name in METRICS;
