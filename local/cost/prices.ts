/** List prices in US dollars, US East (N. Virginia), without any free tier. */
export const PRICES = {
  asOf: '2025-06',
  dynamoDBPerReadUnit: 0.125e-6,
  dynamoDBPerWriteUnit: 0.625e-6,
  /** Storage and the backup of every second of it. */
  dynamoDBPerGBMonth: 0.25 + 0.2,
  lambdaPerRequest: 0.2e-6,
  /** arm64. */
  lambdaPerGBSecond: 0.0000133334,
  httpApiPerRequest: 1e-6,
  secretPerMonth: 0.4,
  logsPerGB: 0.5,
  metricPerMonth: 0.3,
  alarmPerMonth: 0.1,
  dashboardPerMonth: 3,
  transferPerGB: 0.09,
} as const;
