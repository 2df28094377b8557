import { expect, test } from 'vitest';
import { products } from '../../shared/resources/products.ts';

test('a picture in place of its address is shown nowhere: the last records share one row', () => {
  const address = 'https://img.example/1.jpg';
  expect(products.previewOf({ images: [address] }).imageUrl).toBe(address);
  expect(products.previewOf({ images: ['x'.repeat(250_000)] }).imageUrl).toBeNull();
});
