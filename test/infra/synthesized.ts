import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { afterAll } from 'vitest';
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

const outputs = mkdtempSync(join(tmpdir(), 'b2b-cdk-'));
afterAll(() => rmSync(outputs, { recursive: true, force: true }));
let apps = 0;

/** An app whose output goes when the tests of its file are over: CDK's own temporary folders stay. */
export const createApp = (): App =>
  new App({ context: cdkContext, outdir: join(outputs, String((apps += 1))) });

const resourceShape = z.object({
  Type: z.string(),
  Properties: z.record(z.string(), z.unknown()).default({}),
  DeletionPolicy: z.string().optional(),
  Metadata: z.object({ 'aws:cdk:path': z.string() }).partial().default({}),
});

type TemplateResource = z.output<typeof resourceShape>;

/** The template that this configuration deploys, with cdk.json's flags; functions are not bundled here. */
export function synthesized(config: object = {}) {
  const app = createApp();
  const supplierUrl = 'https://supplier.example/api/v1';
  const stack = new CatalogStack(app, parseConfig({ supplierUrl, ...config }));
  const { Resources, Outputs } = z
    .object({
      Resources: z.record(z.string(), resourceShape),
      Outputs: z.record(z.string(), z.object({ Value: z.unknown() })),
    })
    .parse(Template.fromStack(stack).toJSON());
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
