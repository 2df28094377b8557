import document from '../../openapi.json' with { type: 'json' };
import { textResult } from '../http/result.ts';
import type { Operation } from '../read-handler.ts';
import type { AssetServices } from '../services.ts';

const DOCUMENT = JSON.stringify(document);

/** The API's contract, as it was generated for this very version. */
export const contract: Operation<AssetServices> = async () =>
  textResult(200, 'application/json', DOCUMENT, {
    'cache-control': 'public, max-age=3600',
    'access-control-allow-origin': '*',
  });
