import { textResult } from '../http/result.ts';
import { httpHandler, type Operation } from '../read-handler.ts';
import { assetServices } from '../runtime.ts';
import type { AssetServices, Lazy } from '../services.ts';
import { contract } from './contract.ts';

/** What is the same for everybody until the next deployment: the pages' stylesheet and scripts (files of
 *  their own, so that the pages' policy allows nothing inline), and the API's contract. */
export const createHandler = (services: Lazy<AssetServices>) =>
  httpHandler({
    name: 'assets',
    services,
    operations: { stylesheet, staffScript, shopScript, contract },
  });

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
