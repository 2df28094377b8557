import * as z from 'zod';
import type { RouteDeclaration } from '../deployment.ts';
import { listQuery, readQuery } from '../reads/query.ts';
import { lists, orderAnswer, rejects, runs, singles, status, tree } from './answers.ts';
import { heldOrder, listingQuery, retryOrder, syncOrder } from './orders.ts';

/** What the document says of one operation. */
export interface OperationContract {
  readonly summary: string;
  /** What its query is checked against. */
  readonly query?: z.ZodObject;
  /** What its body is checked against. */
  readonly body?: z.ZodObject;
  /** The answer to 200; null where there is none. */
  readonly answer:
    | { readonly type: 'application/json'; readonly schema: z.ZodType }
    | { readonly type: 'text/html' | 'text/css' | 'text/javascript' }
    | null;
  /** Statuses whose answer is JSON of this shape, besides 200. */
  readonly alike?: readonly number[];
  /** Statuses besides: from 400 on with problem details, or of a page a page. */
  readonly others: readonly number[];
  /** Headers that it takes, by what they do. */
  readonly headers?: Readonly<Record<string, string>>;
  /** Headers of its 200 and its 304. */
  readonly told?: readonly (keyof typeof HEADER_WORDS)[];
}

/** In words, what headers of answers say. */
export const HEADER_WORDS = {
  ETag: 'The version that is shown: send it in If-None-Match',
  'Sync-Decision':
    'What was decided of each resource that the answer is made of, for example products=started',
  'Retry-After': 'Seconds after which to ask again; with 200, while the first sync is not over',
} as const;

const json = (schema: z.ZodType | undefined) =>
  ({ type: 'application/json', schema: schema ?? z.unknown() }) as const;
const READ = [304, 400, 401, 403, 503];
/** What keeps a copy may ask whether it is still right. */
const KEPT = {
  headers: { 'If-None-Match': 'The ETag of a copy: 304 while that is still right' },
  told: ['ETag', 'Sync-Decision', 'Retry-After'],
} as const;
const STAFF = [400, 401, 403, 503];

/** The operations of reading routes, by the name that `shared/deployment.ts` gives them. */
const OPERATIONS: Readonly<Record<string, (resource: string) => OperationContract>> = {
  list: (resource) => ({
    summary: `The ${resource}, newest id first: all in one answer, or in pages with page_size`,
    query: listQuery,
    answer: json(lists.get(resource)),
    others: READ,
    ...KEPT,
  }),
  single: (resource) => ({
    summary: `One of the ${resource}, with every public field`,
    query: readQuery,
    answer: json(singles.get(resource)),
    others: [...READ, 404],
    ...KEPT,
  }),
  products: () => ({
    summary: 'The products of a category and of all that are below it',
    query: listQuery.omit({ category: true }),
    answer: json(lists.get('products')),
    others: [...READ, 404],
    ...KEPT,
  }),
  tree: () => ({
    summary: 'The categories, nested to any depth',
    query: readQuery,
    answer: json(tree),
    others: READ,
    ...KEPT,
  }),
  status: () => ({
    summary: 'How fresh and whole each resource is',
    answer: json(status),
    others: [401, 403, 503],
  }),
  contract: () => ({
    summary: 'This document',
    answer: json(z.looseObject({ openapi: z.string() })),
    others: [],
  }),
  home: () => ({
    summary: 'The shop’s home: its main categories and newest products',
    answer: { type: 'text/html' },
    others: [503],
    told: ['Sync-Decision'],
  }),
  staffScript: () => ({
    summary: 'The script of the staff’s pages',
    answer: { type: 'text/javascript' },
    others: [],
  }),
  shopScript: () => ({
    summary: 'The script of the other pages: times by the reader’s own clock',
    answer: { type: 'text/javascript' },
    others: [],
  }),
  login: () => ({
    summary: 'Signs staff in: at the issuer, or by the local run’s one-time link',
    answer: { type: 'text/html' },
    others: [303, 403, 503],
  }),
  callback: () => ({
    summary: 'Where the issuer sends staff back to',
    answer: { type: 'text/html' },
    others: [303, 400, 403, 503],
  }),
  logout: () => ({
    summary: 'Ends a session, by the form of our own page',
    answer: null,
    others: [303, 401, 403],
  }),
  status_page: () => ({
    summary: 'The status page',
    answer: { type: 'text/html' },
    others: [303, 401, 403, 503],
  }),
  sync_page: () => ({
    summary: 'What a sync costs, and the buttons to start one',
    answer: { type: 'text/html' },
    others: [303, 400, 401, 403, 503],
  }),
  sync: () => ({
    summary:
      'Starts a sync, or forces one (scope sync:force): 202 when one is started or goes on for it, 200 when none is due, 409 while one is in progress, 422 when the key came with another request, 429 when it was forced too often. A form is answered with the page',
    body: syncOrder,
    headers: { 'Idempotency-Key': 'The same key is the same order, for a day' },
    answer: json(orderAnswer),
    alike: [202, 409, 422, 429],
    others: STAFF,
  }),
  runs: () => ({
    summary: 'Finished runs by resource, newest first',
    query: listingQuery,
    answer: json(runs),
    others: STAFF,
  }),
  rejects: () => ({
    summary: 'Records in error by resource, and why each is',
    query: listingQuery,
    answer: json(rejects),
    others: STAFF,
  }),
  retry: () => ({
    summary: 'Has the records in error of a resource read again: 202, or 409 with why not now',
    body: retryOrder,
    answer: null,
    alike: [202, 409],
    others: STAFF,
  }),
  decide_held: () => ({
    summary:
      'Has deletions that a run held back carried out, or dropped: 202, or 409 with why not now',
    body: heldOrder,
    answer: null,
    alike: [202, 409],
    others: [...STAFF, 404],
  }),
  record: () => ({
    summary: 'A record with the fields that only the shop may see',
    query: readQuery,
    answer: json(z.looseObject({ id: z.union([z.string(), z.int()]) })),
    others: [...STAFF, 404],
  }),
  stylesheet: () => ({
    summary: 'The style of the pages',
    answer: { type: 'text/css' },
    others: [],
  }),
};

/** The contract of a declared route, or null when it is not described here. */
export function contractOf(
  { operation }: RouteDeclaration,
  resource: string,
): OperationContract | null {
  return OPERATIONS[operation]?.(resource) ?? null;
}

/** In words, what each query parameter does. */
export const PARAMETER_WORDS: Readonly<Record<string, string>> = {
  page_size:
    'Records a page, 1 to 1000; without it everything comes in one answer, as far as it fits',
  cursor: 'Where a page starts: only as given in next or previous',
  category: 'A category’s id: what belongs to it or to one of its descendants',
  availability: 'available (the default) or all',
  updated_since:
    'Only records stored at this moment or later, ISO 8601; to follow changes, send `sync.last_sync` of your last answer, and availability=all, or what became unavailable is not told; what is removed, begins or ends by date, or changes with another record is not: read the whole list now and then',
  search: 'Words in title, sku or barcode; accents and case do not count',
  source:
    'The name of one source, where there are several; without it lists have all of them, and an id is the main one’s, or where that never had it the only other’s',
  resource: 'One resource; without it each',
  limit: 'Rows of each resource and source, 1 to 200; without it 20',
  force: 'Answers the records as without it, with sync.decision "forbidden": reads force nothing',
};
