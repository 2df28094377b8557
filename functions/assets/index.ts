import { encodeBody, takesGzip } from '../http/encoding.ts';
import type { HttpEvent } from '../http/event.ts';
import type { HttpResult } from '../http/result.ts';
import { httpHandler, type HttpServices, type Operation } from '../read-handler.ts';
import { assetServices } from '../runtime.ts';
import type { Lazy } from '../services.ts';

/** The pages' own files, as the bundler made them. */
export interface AssetServices extends HttpServices {
  readonly assets: () => { readonly stylesheet: string; readonly script: string };
}

/** The pages' stylesheet and script: files of their own, so that the pages' policy allows nothing inline. */
export const createHandler = (services: Lazy<AssetServices>) =>
  httpHandler({ name: 'assets', services, operations: { stylesheet, script } });

const stylesheet: Operation<AssetServices> = ({ event }, { assets }) =>
  file(event, 'text/css', assets().stylesheet);

const script: Operation<AssetServices> = ({ event }, { assets }) =>
  file(event, 'text/javascript', assets().script);

async function file(event: HttpEvent, type: string, text: string): Promise<HttpResult> {
  const shown = { before: text, bulk: null, after: '' };
  const { body, isBase64Encoded, headers } = await encodeBody(shown, { zip: takesGzip(event) });
  const kept = {
    'content-type': `${type}; charset=utf-8`,
    'cache-control': 'public, max-age=3600',
  };
  return { statusCode: 200, headers: { ...kept, ...headers }, body, isBase64Encoded };
}

export const handler = createHandler(assetServices);
