import { RetentionDays } from 'aws-cdk-lib/aws-logs';

/** What a stage differs in from production; a deployment may set each of them itself. */
const STAGE_DEFAULTS: ReadonlyMap<unknown, object> = new Map([
  ['dev', { retainData: false, watch: false, logRetentionDays: RetentionDays.ONE_WEEK }],
]);

/** Settings as they were given, over the defaults of the stage that they name. */
export function withStageDefaults(given: unknown): unknown {
  if (typeof given !== 'object' || given === null) return given;
  return { ...STAGE_DEFAULTS.get(Reflect.get(given, 'stage')), ...given };
}
