import { ConfigurationError } from '../shared/core/errors.ts';
import { MAIN_SOURCE } from '../shared/core/source-names.ts';
import { variableOf } from '../shared/source-settings.ts';
import { stopOnSignals } from './end-with-this-program.ts';
import { startLocalRun, type LocalRun } from './local-run.ts';
import { messagesOf } from './worker.ts';

/** `npm start`: everything on this machine, until Ctrl-C. */
async function start(): Promise<void> {
  const run = await startLocalRun(process.env, process.stderr);
  stopWith(run);
  introduce(run);
  await Promise.all([...run.suppliers.keys()].map((source) => firstSync(run, source)));
}

/** Each source on its own: one that hangs keeps no other from its end. */
async function firstSync(run: LocalRun, source: string): Promise<void> {
  const { worker, say } = run;
  const all = { source, resource: 'all', trigger: 'schedule' };
  // What an earlier start left unfinished goes on first, whatever the gates say.
  await worker.invoke({ ...all, resume_only: true });
  const answer = await worker.invoke(all);
  for (const message of messagesOf(answer)) say(message);
  if (source === MAIN_SOURCE) say(addresses(run));
}

function introduce({ suppliers, endpoint, directory, say }: LocalRun): void {
  for (const [source, { url, isDemo }] of suppliers) {
    const name = suppliers.size > 1 ? `${source}: ` : '';
    const [urlName, keyName] = [
      variableOf('B2B_API_URL', source),
      variableOf('B2B_API_KEY', source),
    ];
    const demo = `  (the demo; set ${urlName} and ${keyName} for a real one)`;
    say(`Supplier  ${name}${url}${isDemo ? demo : ''}`);
  }
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
    `Sign in     ${loginUrl()}`,
    '',
    'Schedules are running. Ctrl-C stops everything; the copy stays.',
  ].join('\n');
}

function stopWith(run: LocalRun): void {
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
  stopOnSignals(stop);
}

// Whoever reads what is told may have read enough: that stops no service.
for (const stream of [process.stdout, process.stderr]) stream.on('error', () => {});

try {
  await start();
} catch (error) {
  process.stderr.write(`${error instanceof ConfigurationError ? error.message : String(error)}\n`);
  process.exit(error instanceof ConfigurationError ? 2 : 1);
}
