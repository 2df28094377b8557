import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import * as z from 'zod';
import { CatalogStack } from '../../infra/catalog-stack.ts';
import { parseConfig } from '../../infra/config.ts';

export const projectRoot = join(import.meta.dirname, '../..');

const cdkJson = z
  .object({ context: z.record(z.string(), z.unknown()) })
  .parse(JSON.parse(readFileSync(join(projectRoot, 'cdk.json'), 'utf8')));

const AS_THE_CLI_DOES = {
  'aws:cdk:enable-path-metadata': true,
  'aws:cdk:bundling-stacks': [],
};

/** The context as `cdk synth` gives it, without bundling. */
const cdkContext = { ...cdkJson.context, ...AS_THE_CLI_DOES };

/** What `use` makes of an app, whose output goes at once: CDK's own temporary folders stay. */
export function withApp<Made>(use: (app: App) => Made): Made {
  const outdir = mkdtempSync(join(tmpdir(), 'b2b-cdk-'));
  try {
    return use(new App({ context: cdkContext, outdir }));
  } finally {
    rmSync(outdir, { recursive: true, force: true });
  }
}

const resourceShape = z.object({
  Type: z.string(),
  Properties: z.record(z.string(), z.unknown()).default({}),
  DeletionPolicy: z.string().optional(),
  Metadata: z.object({ 'aws:cdk:path': z.string() }).partial().default({}),
});

type TemplateResource = z.output<typeof resourceShape>;

/** The template that this configuration deploys, with cdk.json's flags; functions are not bundled here. */
export function synthesized(config: object = {}) {
  const supplierUrl = 'https://supplier.example/api/v1';
  const settings = parseConfig({ supplierUrl, ...config });
  const template = withApp((app) => Template.fromStack(new CatalogStack(app, settings)).toJSON());
  const { Resources, Outputs } = z
    .object({
      Resources: z.record(z.string(), resourceShape),
      Outputs: z.record(z.string(), z.object({ Value: z.unknown() })),
    })
    .parse(template);
  const named = (value: unknown) => readable(value, Resources);
  return {
    resources: Object.values(Resources),
    /** By logical id. */
    byId: new Map(Object.entries(Resources)),
    outputs: Object.keys(Outputs),
    /** The properties of every resource of a type, references written as the paths they point to. */
    ofType: (type: string) =>
      Object.values(Resources)
        .filter((resource) => resource.Type === type)
        .map((resource) => z.record(z.string(), z.unknown()).parse(named(resource.Properties))),
  };
}

/** Intrinsic functions as text: `Table/Catalog`, `Worker/Sync/Function.Arn`, joined where joined. */
function readable(value: unknown, resources: Readonly<Record<string, TemplateResource>>): unknown {
  if (Array.isArray(value)) return value.map((each) => readable(each, resources));
  if (typeof value !== 'object' || value === null) return value;
  const pathOf = (id: string) =>
    resources[id]?.Metadata['aws:cdk:path']?.replace(PATH_ENDS, '') ?? id;
  const call = intrinsic.safeParse(value);
  if (!call.success) {
    return Object.fromEntries(Object.entries(value).map(([k, v]) => [k, readable(v, resources)]));
  }
  if ('Ref' in call.data) return pathOf(call.data.Ref);
  if ('Fn::GetAtt' in call.data) {
    const [id, attribute] = call.data['Fn::GetAtt'];
    return `${pathOf(id)}.${attribute}`;
  }
  const [separator, parts] = call.data['Fn::Join'];
  return parts.map((part) => String(readable(part, resources))).join(separator);
}

const PATH_ENDS = /^[^/]+\/|\/Resource$/g;

const intrinsic = z.union([
  z.strictObject({ Ref: z.string() }),
  z.strictObject({ 'Fn::GetAtt': z.tuple([z.string(), z.string()]) }),
  z.strictObject({ 'Fn::Join': z.tuple([z.string(), z.array(z.unknown())]) }),
]);
