import { Command, InvalidArgumentError } from 'commander';
import { MOST_SOURCES } from '../../shared/core/source-names.ts';
import { measure } from './measured.ts';
import { reportOf } from './report.ts';

const wholeNumber =
  (least: number, most: number) =>
  (text: string): number => {
    const value = Number(text);
    if (/^\d+$/.test(text) && value >= least && value <= most) return value;
    throw new InvalidArgumentError(`It must be a whole number from ${least} to ${most}.`);
  };

interface Flags {
  readonly products: number;
  readonly sources: number;
  readonly interval: number;
  readonly changed: number;
  readonly reads: number;
  readonly latency: number;
  readonly concurrency: number;
  readonly watch: boolean;
}

await new Command('cost')
  .description('What a month costs, from the counted requests of real runs on this machine.')
  .option('--products <count>', 'products of each source', wholeNumber(1, 100_000), 5000)
  .option('--sources <count>', 'suppliers or sites', wholeNumber(1, MOST_SOURCES), 1)
  .option('--interval <minutes>', 'between two syncs', wholeNumber(1, 43_200), 60)
  .option(
    '--changed <count>',
    'products of each source that change between two syncs',
    wholeNumber(0, 1000),
    50,
  )
  .option('--reads <count>', 'lists read in a month', wholeNumber(0, 1_000_000_000), 100_000)
  .option('--latency <ms>', 'of one of the supplier’s answers', wholeNumber(1, 60_000), 150)
  .option('--concurrency <count>', 'requests to the supplier at once', wholeNumber(1, 256), 32)
  .option('--no-watch', 'without metrics, alarms and the dashboard')
  .action(async (flags: Flags) => {
    const { products, sources, changed: changedPerRun } = flags;
    const measured = await measure({ products, sources, changedPerRun });
    const month = {
      intervalMinutes: flags.interval,
      reads: flags.reads,
      supplierLatencyMs: flags.latency,
      concurrency: flags.concurrency,
      isWatched: flags.watch,
    };
    process.stdout.write(`${reportOf(measured, month).join('\n')}\n`);
  })
  .parseAsync();
