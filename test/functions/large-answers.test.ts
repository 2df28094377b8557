import { expect, test } from 'vitest';
import { MAX_ANSWER_BYTES } from '../../shared/reads/public-limits.ts';
import { shop } from '../support/shop.ts';
import { aCategory } from '../support/supplier-records.ts';

test('an answer that can be cut no further travels compressed, asked for or not: the platform carries no more', async () => {
  const description = 'Vendu à la pièce, livré sous 48 h. '.repeat(45);
  const categories = Array.from({ length: 4_500 }, (_, at) =>
    aCategory(at + 1, { description, parent: at === 0 ? null : 1 }),
  );
  const open = shop({ categories });
  await open.sync('categories');
  for (const path of ['tree/', 'synced/1/']) {
    const { status, bytes, headers, json } = await open.get(`/api/inventory/categories/${path}`);
    expect(status).toBe(200);
    expect(bytes).toBeLessThanOrEqual(MAX_ANSWER_BYTES);
    expect(headers['content-encoding']).toBe('gzip');
    expect(JSON.stringify(json).length).toBeGreaterThan(MAX_ANSWER_BYTES);
  }
}, 60_000);
