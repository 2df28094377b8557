import { Command, InvalidArgumentError, Option } from 'commander';
import { createSystemClock } from '../../shared/adapters/system-clock.ts';
import { ConfigurationError } from '../../shared/core/errors.ts';
import { FAULT_MODES, type FaultMode } from './faults.ts';
import { DEMO_KEY, startDemoSupplier } from './server.ts';

interface Flags {
  readonly port: number;
  readonly key: string;
  readonly products: number;
  readonly seed: number;
  readonly latency: number;
  readonly faults: FaultMode;
  readonly ignorePageSize: boolean;
  readonly paginateCategories: boolean;
}

const wholeNumber =
  (most: number) =>
  (text: string): number => {
    if (/^\d{1,9}$/.test(text) && Number(text) <= most) return Number(text);
    throw new InvalidArgumentError(`It must be a whole number from 0 to ${most}.`);
  };

const program = new Command('demo-supplier')
  .description("A made-up supplier's B2B API on 127.0.0.1, to try the synchronisation against.")
  .addOption(
    new Option('--port <port>', 'where to listen')
      .env('SUPPLIER_PORT')
      .default(4010)
      .argParser(wholeNumber(65_535)),
  )
  .option('--key <key>', 'the API key to accept', DEMO_KEY)
  .option('--products <count>', 'how many products to sell', wholeNumber(200_000), 1200)
  .option('--seed <number>', 'another catalogue for another number', wholeNumber(999_999_999), 1)
  .option('--latency <ms>', 'least time of each answer', wholeNumber(60_000), 0)
  .addOption(new Option('--faults <mode>', 'how to misbehave').choices(FAULT_MODES).default('none'))
  .option('--ignore-page-size', 'answer 20 a page, whatever is asked', false)
  .option('--paginate-categories', 'answer categories in pages, not all at once', false)
  // Wrong usage is 2, as for the other commands.
  .exitOverride(({ exitCode }) => process.exit(exitCode === 0 ? 0 : 2))
  .action(run);

async function run(flags: Flags): Promise<void> {
  const supplier = await startDemoSupplier({
    ...flags,
    latencyMs: flags.latency,
    pageSize: flags.ignorePageSize ? 'ignored' : 'honoured',
    clock: createSystemClock(),
  });
  const lines = [
    `Demo supplier with ${flags.products} products. Ctrl-C stops it.`,
    `  B2B_API_URL=${supplier.url} B2B_API_KEY=${supplier.key}`,
  ];
  process.stdout.write(`${lines.join('\n')}\n`);
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.once(signal, () => void supplier.stop());
  }
}

try {
  await program.parseAsync();
} catch (error) {
  if (!(error instanceof ConfigurationError)) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 2;
}
