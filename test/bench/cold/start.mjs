// One cold start: loads a bundle, calls its handler once, prints what both took. Plain JavaScript, so
// that nothing but Node and the bundle is measured.
import { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';

const [, , bundle, event] = process.argv;
const startedMs = performance.now();
const { handler } = bundle.endsWith('.mjs')
  ? await import(pathToFileURL(bundle).href)
  : createRequire(import.meta.url)(bundle);
const loadedMs = performance.now();
const answer = await handler(JSON.parse(event), { awsRequestId: '1', functionName: 'cold' });
const answeredMs = performance.now();
const result = {
  initMs: loadedMs - startedMs,
  answerMs: answeredMs - loadedMs,
  fromStartMs: answeredMs,
  status: answer?.statusCode ?? 0,
};
process.stdout.write(JSON.stringify(result), () => process.exit(0));
