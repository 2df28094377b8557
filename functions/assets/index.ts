import { textResult } from '../http/result.ts';
import { httpHandler, type HttpServices, type Operation } from '../read-handler.ts';
import { assetServices } from '../runtime.ts';
import type { Lazy } from '../services.ts';

/** What the bundler made of the pages' own files. */
export interface Assets {
  readonly stylesheet: string;
  readonly staffScript: string;
  readonly shopScript: string;
}

export interface AssetServices extends HttpServices {
  readonly assets: () => Assets;
}

/** The pages' stylesheet and scripts: files of their own, so that the pages' policy allows nothing inline. */
export const createHandler = (services: Lazy<AssetServices>) =>
  httpHandler({ name: 'assets', services, operations: { stylesheet, staffScript, shopScript } });

const KEPT = { 'cache-control': 'public, max-age=3600' };

const stylesheet: Operation<AssetServices> = async (_call, { assets }) =>
  textResult(200, 'text/css', assets().stylesheet, KEPT);

const script =
  (name: 'staffScript' | 'shopScript'): Operation<AssetServices> =>
  async (_call, { assets }) =>
    textResult(200, 'text/javascript', assets()[name], KEPT);
const staffScript = script('staffScript');
const shopScript = script('shopScript');

export const handler = createHandler(assetServices);
