import { App } from 'aws-cdk-lib';
import { ConfigurationError } from '../shared/core/errors.ts';
import { CatalogStack } from './catalog-stack.ts';
import { stageConfig } from './stage-config.ts';
import { useRulePacks } from './rule-packs.ts';

const app = new App();
const context = (name: string): unknown => app.node.tryGetContext(name);
try {
  useRulePacks(app);
  const settings = { catalog: context('catalog'), stages: context('stages') };
  new CatalogStack(app, stageConfig({ ...settings, stage: context('stage') }));
} catch (error) {
  if (!(error instanceof ConfigurationError)) throw error;
  process.stderr.write(`${error.message}\n`);
  // At once: an app that merely ended would still be synthesized, empty.
  process.exit(1);
}
