import { Annotations, Match } from 'aws-cdk-lib/assertions';
import { expect, test } from 'vitest';
import { CatalogStack } from '../../infra/catalog-stack.ts';
import { parseConfig } from '../../infra/config.ts';
import { withApp } from './synthesized.ts';

function warningsOf(config: object): string[] {
  const settings = parseConfig({ watch: false, ...config });
  const found = withApp((app) =>
    Annotations.fromStack(new CatalogStack(app, settings)).findWarning('*', Match.anyValue()),
  );
  return found.map(({ entry }) => JSON.stringify(entry.data));
}

test('a supplier whose address leads nowhere is warned of, by the name of its setting', () => {
  const warnings = warningsOf({
    supplierUrl: 'https://supplier.example/api/v1',
    sources: {
      drinks: { supplierUrl: 'https://api.drinks.test' },
      cellar: { supplierUrl: 'https://cellar.shop' },
      bakery: { supplierUrl: 'https://bakery.invalid/v1' },
    },
  });
  expect(warnings).toEqual([
    expect.stringContaining('supplierUrl is a placeholder, https://supplier.example/api/v1'),
    expect.stringContaining('sources.drinks.supplierUrl is a placeholder'),
    expect.stringContaining('sources.bakery.supplierUrl is a placeholder'),
  ]);
});

test('any other is not', () => {
  for (const host of ['api.supplier.com', 'example.com', 'invalid.supplier.com']) {
    expect(warningsOf({ supplierUrl: `https://${host}/v1` })).toEqual([]);
  }
});
