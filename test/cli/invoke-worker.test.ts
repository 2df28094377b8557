import { createServer } from 'node:http';
import { Writable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { expect, onTestFinished, test, vi } from 'vitest';
import { invokeWorker } from '../../cli/invoke-worker.ts';
import { eachOf } from '../../local/local-sync.ts';
import { NO_STATS } from '../../shared/core/control.ts';
import { resources } from '../../shared/resources/index.ts';
import { stubAwsService } from '../support/aws-service.ts';
import { listening } from '../support/listening.ts';

const SYNCED = {
  success: true,
  decision: 'started',
  message: 'Synced.',
  run_id: null,
  stats: NO_STATS,
};

/** A Lambda whose worker answers for products, and does this for categories. */
async function answersOf(status: number, headers: Record<string, string>, name: string) {
  const server = createServer((request, response) => {
    void text(request).then((event) => {
      if (event.includes('"products"')) return response.end(JSON.stringify(SYNCED));
      response.writeHead(status, { 'x-amzn-errortype': name, ...headers });
      return response.end(JSON.stringify({ message: 'Rate Exceeded', errorMessage: 'timed out' }));
    });
  });
  stubAwsService('LAMBDA', `http://127.0.0.1:${await listening(server)}`);
  onTestFinished(() => {
    vi.unstubAllEnvs();
    server.close().closeAllConnections();
  });
  const stderr = new Writable({ write: (_chunk, _encoding, done) => done() });
  const environment = { WORKER_FUNCTION_NAME: 'worker' };
  const terminal = { environment, stdout: { write: () => {} }, stderr };
  return invokeWorker(eachOf(['main'], resources), { force: false, dry_run: false }, terminal);
}

test.each([
  ['is refused', 429, {}, 'TooManyRequestsException', /gave no answer: Rate Exceeded/],
  [
    'fails',
    200,
    { 'x-amz-function-error': 'Unhandled' },
    '',
    /gave no answer: it failed with .*timed out/,
  ],
] as const)(
  'where one worker %s, the other’s answer is told all the same',
  async (_, status, headers, name, said) => {
    const answers = await answersOf(status, headers, name);
    expect(answers.get('products')).toMatchObject({ success: true });
    expect(answers.get('categories')).toMatchObject({
      success: false,
      message: expect.stringMatching(said),
    });
  },
);

test('what is wrong with the caller’s own settings stops the command', async () => {
  await expect(answersOf(403, {}, 'AccessDeniedException')).rejects.toThrow('Rate Exceeded');
});
