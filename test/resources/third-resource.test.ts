import * as z from 'zod';
import { expect, test } from 'vitest';
import { defineResource, hours, type RecordOf } from '../../shared/core/resource.ts';
import { contextOf, reasonOf, stored } from './catalog.ts';

const sites = defineResource({
  name: 'sites',
  listPath: 'b2c/sites/',
  detailPath: (id) => `b2c/sites/${id}/`,
  wire: z.looseObject({ name: z.string().min(1), city: z.string().nullish() }),
  toRecord: ({ name, city }) => ({ name, city: city ?? null, private: { from: 'upstream' } }),
  interval: hours(24),
});

const SITE: RecordOf<typeof sites> = { name: 'Dépôt', city: null, private: { from: 'upstream' } };

test('a third resource is a few lines, and has a public form without being told', () => {
  const record = stored(sites, { id: '3', name: 'Dépôt', secret: 'x' });
  expect(sites.titleOf(record.body)).toBe('Dépôt');
  expect(sites.view.isAvailable(SITE)).toBe(true);
  expect(sites.needsDetail({ id: 3 })).toBe(true);
  expect(sites.detailPath('a/b')).toBe('b2c/sites/a%2Fb/');
  const shown = { id: 3, source: 'main', name: 'Dépôt', city: null, synced_at: record.syncedAt };
  expect(record.body).toEqual(SITE);
  expect(sites.view.inList({ ...record, body: SITE }, contextOf({}))).toEqual(shown);
});

test('a third resource rejects what its schema rejects, with the reason', () => {
  expect(reasonOf(sites, { id: 3, name: '' })).toMatch(/^name:/);
  expect(reasonOf(sites, { name: 'x' })).toMatch(/^id:/);
});
