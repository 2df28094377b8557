import * as z from 'zod';
import { ConfigurationError } from '../shared/core/errors.ts';
import { parseConfig, type CatalogConfig } from './config.ts';

const settings = z.record(z.string(), z.unknown());
const settingsByStage = z.record(z.string(), settings);

const FORM =
  'settings by stage, for example {"dev": {"supplierUrl": "https://supplier.example/test"}, "prod": {}}';

/**
 * The configuration of one stage (`-c stage=dev`; prod when none is named): what `context.catalog` says
 * for all of them, and over it `context.stages.<stage>`.
 * @throws ConfigurationError also when stages are named, and this one is not among them
 */
export function stageConfig(context: {
  readonly catalog: unknown;
  readonly stages: unknown;
  readonly stage: unknown;
}): CatalogConfig {
  const stage = z.string().catch('prod').parse(context.stage);
  const stages = settingsByStage.safeParse(context.stages ?? {});
  if (!stages.success)
    throw new ConfigurationError(`cdk.json: stages is malformed: it is ${FORM}.`);
  const names = Object.keys(stages.data);
  if (names.length > 0 && !names.includes(stage)) {
    throw new ConfigurationError(
      `cdk.json: there is no stage ${stage}: choose one of ${names.join(', ')} (-c stage=…), or add it to stages.`,
    );
  }
  const common = settings.safeParse(context.catalog ?? {});
  return parseConfig({ stage, ...common.data, ...stages.data[stage] });
}
