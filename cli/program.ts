import { Argument, Command, InvalidArgumentError, Option } from 'commander';
import { resources } from '../shared/resources/index.ts';
import { check } from './commands/check.ts';
import { held } from './commands/held.ts';
import { rejects, retryRejects } from './commands/rejects.ts';
import { runs } from './commands/runs.ts';
import { status } from './commands/status.ts';
import { sync, type SyncFlags } from './commands/sync.ts';
import { EXIT, type ExitCode } from './exit-codes.ts';
import { openTarget, type Target, type TargetName } from './target.ts';
import type { Terminal } from './terminal.ts';

interface CommonFlags {
  readonly target: TargetName;
  readonly json: boolean;
  readonly verbose: boolean;
}

const ALL = 'all';
const resourcesOf = (name: string) => resources.filter((one) => name === ALL || one.name === name);

/** The command line as commander understands it; `ended` is told each command's exit code. */
export function createProgram(terminal: Terminal, ended: (code: ExitCode) => void): Command {
  const program = new Command('b2b-sync')
    .description(
      "Keeps the shop's copy of its supplier's B2B catalogue complete, correct and fresh.",
    )
    .addHelpText('after', HELP)
    .configureOutput({
      writeOut: (text) => void terminal.stdout.write(text),
      writeErr: (text) => void terminal.stderr.write(text),
    })
    .exitOverride();
  addSync(program, terminal, ended);
  addOthers(program, terminal, ended);
  return program;
}

const HELP = `
Exit codes: 0 done, 1 failed, 2 wrong usage or setting, 3 nothing due.
Settings: B2B_API_URL and B2B_API_KEY name the supplier (without them: the demo supplier).
With --target aws: WORKER_FUNCTION_NAME to sync, TABLE_NAME for the others, AWS credentials as usual.`;

function addSync(program: Command, terminal: Terminal, ended: (code: ExitCode) => void): void {
  for (const name of [...resources.map((resource) => resource.name), ALL]) {
    const what = name === ALL ? 'everything, side by side' : `the ${name}`;
    withCommonFlags(program.command(name))
      .description(`sync ${what}: now, or with --auto only if due`)
      .option('--auto', 'respect the interval between two syncs', false)
      .option('--force', 'with --auto: sync even if it is not due', false)
      .action(async (flags: SyncFlags) => ended(await sync(resourcesOf(name), flags, terminal)));
  }
}

function addOthers(program: Command, terminal: Terminal, ended: (code: ExitCode) => void): void {
  const resourceArgument = () =>
    new Argument('[resource]', 'one resource, or all')
      .choices([...resources.map(({ name }) => name), ALL])
      .default(ALL);
  const limit = () =>
    new Option('--limit <count>', 'how many of each resource, at most')
      .default(20)
      .argParser(wholeNumber);
  const on = async (flags: CommonFlags, act: (target: Target) => Promise<ExitCode>) => {
    const target = await openTarget(flags.target, terminal, flags);
    try {
      ended(await act(target));
    } finally {
      await target.close();
    }
  };

  withCommonFlags(program.command('status'))
    .description('how fresh and whole each resource is, and what is wrong')
    .action((flags: CommonFlags) => on(flags, (target) => status(target, terminal, flags)));
  withCommonFlags(program.command('check'))
    .description('try the key and one page of each list, and say what is wrong')
    .action((flags: CommonFlags) =>
      on(flags, async (target) => check(target, await target.supplier(), terminal, flags)),
    );
  withCommonFlags(program.command('rejects'))
    .description('records in error; with --retry, read them again')
    .addArgument(resourceArgument())
    .option('--retry', 'read the list and the details of these records again', false)
    .addOption(limit())
    .action((name: string, flags: CommonFlags & { retry: boolean; limit: number }) => {
      const act = flags.retry ? retryRejects : rejects;
      return on(flags, (target) => act(resourcesOf(name), target, terminal, flags));
    });
  withCommonFlags(program.command('runs'))
    .description('finished runs, newest first')
    .addArgument(resourceArgument())
    .addOption(limit())
    .action((name: string, flags: CommonFlags & { limit: number }) =>
      on(flags, (target) => runs(resourcesOf(name), target, terminal, flags)),
    );
  withCommonFlags(program.command('held'))
    .description('carry out, or drop, the deletions that a run held back')
    .addArgument(new Argument('<action>').choices(['approve', 'discard']))
    .argument('<run_id>', 'as b2b-sync status shows it')
    .action((action: 'approve' | 'discard', runId: string, flags: CommonFlags) =>
      on(flags, (target) => held(action, runId, target, terminal, flags)),
    );
}

function withCommonFlags(command: Command): Command {
  return command
    .addOption(
      new Option('--target <copy>', 'the local copy, or a deployment')
        .choices(['local', 'aws'])
        .default('local'),
    )
    .option('--json', 'answer with JSON', false)
    .option('--verbose', 'log every event, as JSON lines on standard error', false);
}

function wholeNumber(text: string): number {
  if (/^[1-9]\d{0,3}$/.test(text)) return Number(text);
  throw new InvalidArgumentError('It must be a whole number from 1 to 9999.');
}

export { EXIT };
