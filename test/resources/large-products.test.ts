import { expect, test } from 'vitest';
import { createSystemClock } from '../../shared/adapters/system-clock.ts';
import { products } from '../../shared/resources/products.ts';
import { fakeSource } from '../support/fake-source.ts';
import { forcedSync } from '../support/forced-sync.ts';
import { onEachStore } from '../support/stores.ts';
import { aProduct } from '../support/supplier-records.ts';
import { randomText } from '../support/random-text.ts';

const REF = { source: 'main', resource: 'products' };

onEachStore('a product of nearly 350 KB that no compression makes smaller', (open) => {
  test.each([13, 40, 1000])('with barcodes of %i characters breaks no run', async (length) => {
    const store = await open();
    const count = Math.floor(330_000 / (length + 60));
    const barcodes = Array.from({ length: count }, (_, at) => {
      return { id: at + 1, ean: randomText(length), is_primary: false, notes: null };
    });
    const source = fakeSource([aProduct(3), aProduct(2, { barcodes }), aProduct(1)]);
    const result = await forcedSync({
      resource: products,
      source,
      store,
      clock: createSystemClock(),
    });
    expect(result).toMatchObject({ success: true, stats: { total: 3, created: 3 } });
    expect(await store.record(REF, '2')).not.toBeNull();
    const { records } = await store.snapshot(REF, await store.control(REF));
    expect(records.map(({ id }) => id)).toEqual(['3', '2', '1']);
  });
});
