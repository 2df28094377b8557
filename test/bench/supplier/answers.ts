import type { JsonObject } from '../../../shared/core/json.ts';
import { aProduct, inDetail, inList } from '../../support/supplier-records.ts';

export const PAGE_SIZE = 100;
export const LIST_PATH = '/api/v1/b2c/products/';

/** Makes what is sent of a product about 1 KB, as real descriptions do. */
const DESCRIPTION =
  'Vendu à la pièce, livré sous 48 h en conditionnement d’origine ; se conserve au sec et à l’abri de la lumière.';

const product = (id: number): JsonObject =>
  aProduct(id, { description: `${DESCRIPTION} Référence ${id}.` });

/** Whole answers, ready to be written to a connection. */
export interface Answers {
  /** Undefined: 404. */
  readonly of: (path: string) => Buffer | undefined;
}

/** A catalogue of products 1 to `count`, newest first. Rendered when asked for, then kept up to
 *  `keep` answers, so that the supplier costs the machine next to nothing in the rounds that count. */
export function createAnswers(count: number, keep = 50_000): Answers {
  const kept = new Map<string, Buffer>();
  const pages = Math.ceil(count / PAGE_SIZE);
  const page = (number: number, origin: string): JsonObject => ({
    count,
    next: number < pages ? `${origin}?page=${number + 1}&page_size=${PAGE_SIZE}` : null,
    previous: null,
    results: idsOf(number, count).map((id) => inList(product(id))),
  });
  const rendered = (path: string): Buffer | undefined => {
    const url = new URL(path, 'http://supplier.invalid');
    if (url.pathname === LIST_PATH) {
      const number = Number(url.searchParams.get('page') ?? '1');
      return number > pages ? undefined : whole(page(number, LIST_PATH));
    }
    const id = Number(url.pathname.slice(LIST_PATH.length).replace('/', ''));
    return id >= 1 && id <= count ? whole(inDetail(product(id))) : undefined;
  };
  const of: Answers['of'] = (path) => {
    const answer = kept.get(path) ?? rendered(path);
    if (answer !== undefined && kept.size < keep) kept.set(path, answer);
    return answer;
  };
  return { of };
}

function idsOf(page: number, count: number): readonly number[] {
  const newest = count - (page - 1) * PAGE_SIZE;
  return Array.from({ length: Math.min(PAGE_SIZE, newest) }, (_, place) => newest - place);
}

function whole(json: JsonObject): Buffer {
  const body = Buffer.from(JSON.stringify(json));
  const head = `HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: ${body.length}\r\n\r\n`;
  return Buffer.concat([Buffer.from(head), body]);
}

/** An answer without a body worth reading. */
export const refusal = (status: number, headers = ''): Buffer =>
  Buffer.from(`HTTP/1.1 ${status} Refused\r\n${headers}Content-Length: 2\r\n\r\n{}`);
