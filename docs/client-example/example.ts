import createClient from 'openapi-fetch';
import type { paths } from './catalog-api.ts';

const [baseUrl = 'http://localhost:3000'] = process.argv.slice(2);
const api = createClient<paths>({ baseUrl });

/** Every available product of a source's category, page by page, all of one version of the catalogue. */
async function* productsOf(category: string, source: string) {
  let page: { cursor?: string } | null = {};
  while (page !== null) {
    const query: { category: string; source: string; page_size: string; cursor?: string } = {
      category,
      source,
      page_size: '100',
      ...page,
    };
    const { data, error } = await api.GET('/api/inventory/products/synced/', { params: { query } });
    if (error) throw new Error(error.detail);
    yield* data.results;
    const cursor = data.next === null ? null : new URL(data.next).searchParams.get('cursor');
    page = cursor === null ? null : { cursor };
  }
}

const { data: tree, error } = await api.GET('/api/inventory/categories/tree/');
if (error) throw new Error(error.detail);
for (const { id, name, source } of tree.main_categories) {
  console.log(name);
  for await (const { title, price, promo_price } of productsOf(String(id), source)) {
    console.log(`  ${title}: ${promo_price ?? price ?? 'no price'}`);
  }
}
