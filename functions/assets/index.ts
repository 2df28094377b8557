import { textResult } from '../http/result.ts';
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

const KEPT = { 'cache-control': 'public, max-age=3600' };

const stylesheet: Operation<AssetServices> = async (_call, { assets }) =>
  textResult(200, 'text/css', assets().stylesheet, KEPT);

const script: Operation<AssetServices> = async (_call, { assets }) =>
  textResult(200, 'text/javascript', assets().script, KEPT);

export const handler = createHandler(assetServices);
