import { ConfigurationError } from '../shared/core/errors.ts';
import { startLocalRun, type LocalRun } from './local-run.ts';
import { messagesOf } from './worker.ts';

/** `npm start`: everything on this machine, until Ctrl-C. */
async function start(): Promise<void> {
  const run = await startLocalRun(process.env, process.stderr);
  stopOnSignals(run);
  introduce(run);
  // What an earlier start left unfinished goes on first, whatever the gates say.
  await run.worker.invoke({ resource: 'all', resume_only: true, trigger: 'schedule' });
  const answer = await run.worker.invoke({ resource: 'all', trigger: 'schedule' });
  for (const message of messagesOf(answer)) run.say(message);
  run.say(addresses(run));
}

function introduce({ supplierUrl, isDemo, endpoint, directory, say }: LocalRun): void {
  say(
    `Supplier  ${supplierUrl}${isDemo ? '  (the demo; set B2B_API_URL and B2B_API_KEY for a real one)' : ''}`,
  );
  say(`Copy      ${directory}/catalog.db, DynamoDB at ${endpoint}; log in ${directory}/local.log`);
}

function addresses({ url, loginUrl }: LocalRun): string {
  return [
    '',
    `Home        ${url}/`,
    `Products    ${url}/api/inventory/products/synced/`,
    `Categories  ${url}/api/inventory/categories/synced/`,
    `Tree        ${url}/api/inventory/categories/tree/`,
    `Status      ${url}/inventory/status/`,
    `Sign in     ${loginUrl}`,
    '',
    'Schedules are running. Ctrl-C stops everything; the copy stays.',
  ].join('\n');
}

function stopOnSignals(run: LocalRun): void {
  let isStopping = false;
  const stop = (signal: NodeJS.Signals): void => {
    if (isStopping) process.exit(130);
    isStopping = true;
    run.say(`${signal}: stopping. (Again to stop at once.)`);
    run.stop().then(
      () => process.exit(0),
      (error: unknown) => {
        process.stderr.write(`${String(error)}\n`);
        process.exit(1);
      },
    );
  };
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, stop);
}

try {
  await start();
} catch (error) {
  process.stderr.write(`${error instanceof ConfigurationError ? error.message : String(error)}\n`);
  process.exit(error instanceof ConfigurationError ? 2 : 1);
}
