import * as http from 'node:http';
import { LIST_PATH, PAGE_SIZE } from '../supplier/answers.ts';
import type { Work } from './work.ts';

/** The same list and details as bare keep-alive requests, `concurrency` at once, bodies thrown away. */
export async function floor({ baseUrl, products, concurrency }: Work): Promise<number> {
  const agent = new http.Agent({ keepAlive: true, maxSockets: concurrency });
  const paths = pathsOf(products).values();
  const { origin } = new URL(baseUrl);
  const lane = async (): Promise<void> => {
    for (const path of paths) await get(`${origin}${path}`, agent);
  };
  await Promise.all(Array.from({ length: concurrency }, lane));
  agent.destroy();
  return products;
}

function pathsOf(products: number): readonly string[] {
  const pages = Array.from({ length: Math.ceil(products / PAGE_SIZE) }, (_, page) => page + 1);
  const ids = Array.from({ length: products }, (_, place) => products - place);
  return [
    ...pages.map((page) => `${LIST_PATH}?page=${page}&page_size=${PAGE_SIZE}`),
    ...ids.map((id) => `${LIST_PATH}${id}/`),
  ];
}

function get(url: string, agent: http.Agent): Promise<void> {
  return new Promise((resolve, reject) => {
    http
      .get(url, { agent }, (response) => {
        response.once('end', resolve).once('error', reject).resume();
      })
      .once('error', reject);
  });
}
