import { App } from 'aws-cdk-lib';
import { ConfigurationError } from '../shared/core/errors.ts';
import { CatalogStack } from './catalog-stack.ts';
import { parseConfig } from './config.ts';

const app = new App();
try {
  new CatalogStack(app, parseConfig(app.node.tryGetContext('catalog')));
} catch (error) {
  if (!(error instanceof ConfigurationError)) throw error;
  process.stderr.write(`${error.message}\n`);
  // At once: an app that merely ended would still be synthesized, empty.
  process.exit(1);
}
