import document from '../../openapi.json' with { type: 'json' };
import { textResult } from '../http/result.ts';
import { readHandler, type Operation } from '../read-handler.ts';
import { readServices } from '../runtime.ts';
import type { Lazy, ReadServices } from '../services.ts';

const DOCUMENT = JSON.stringify(document);

/** The API's contract, as it was generated for this very version. */
export const createHandler = (services: Lazy<ReadServices>) =>
  readHandler({
    name: 'openapi',
    services,
    keepFresh: [],
    operations: { openapi: openapiOperation },
  });

const openapiOperation: Operation = async () =>
  textResult(200, 'application/json', DOCUMENT, {
    'cache-control': 'public, max-age=3600',
    'access-control-allow-origin': '*',
  });

export const handler = createHandler(readServices);
