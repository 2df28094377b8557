import * as z from 'zod';
import { ConfigurationError } from '../shared/core/errors.ts';
import { parseConfig, type CatalogConfig } from './config.ts';
import { nameFault } from './stage-names.ts';

const settings = z.record(z.string(), z.unknown());
const text = z.string().optional().catch(undefined);
const settingsByStage = z.record(z.string(), settings);

const FORM =
  'settings by stage, for example {"dev": {"supplierUrl": "https://supplier.example/test"}, "prod": {}}';

/**
 * The configuration of one stage: what `context.catalog` says for all of them, and over it
 * `context.stages.<stage>`. It is the one that `-c stage=dev` names, else `catalog.stage`, else prod.
 * @throws ConfigurationError also when stages are named, and this one is not among them, or when it is
 *   named twice and not alike: one stage's settings must never reach another's stack; and when what two of
 *   them deploy would have the same names
 */
export function stageConfig(context: {
  readonly catalog: unknown;
  readonly stages: unknown;
  readonly stage: unknown;
}): CatalogConfig {
  const stages = settingsByStage.safeParse(context.stages ?? {});
  if (!stages.success)
    throw new ConfigurationError(`cdk.json: stages is malformed: it is ${FORM}.`);
  const common = settings.safeParse(context.catalog ?? {});
  const stage = stageOf(text.parse(context.stage), text.parse(common.data?.['stage']));
  const names = Object.keys(stages.data);
  if (names.length > 0 && !names.includes(stage)) {
    throw new ConfigurationError(
      `cdk.json: there is no stage ${stage}: choose one of ${names.join(', ')} (-c stage=…), or add it to stages.`,
    );
  }
  const own = stages.data[stage] ?? {};
  if (own['stage'] !== undefined) {
    throw new ConfigurationError(
      `cdk.json: stages.${stage}.stage is not possible: its name in stages is its name.`,
    );
  }
  const known = names.length > 0 ? names : ['prod', stage];
  const fault = nameFault(
    new Map(known.map((name) => [name, { ...common.data, ...stages.data[name] }])),
  );
  if (fault !== null) throw new ConfigurationError(`cdk.json: ${fault}`);
  return parseConfig({ stage, ...common.data, ...own });
}

function stageOf(chosen: string | undefined, common: string | undefined): string {
  if (chosen !== undefined && common !== undefined && chosen !== common) {
    throw new ConfigurationError(
      `cdk.json: catalog.stage is ${common}, and -c stage= says ${chosen}: take one of them out, or nothing tells which stack is meant.`,
    );
  }
  return chosen ?? common ?? 'prod';
}
