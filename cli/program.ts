import { Argument, Command } from 'commander';
import {
  ALL,
  daysOption,
  limitOption,
  nameOption,
  RESOURCE_NAMES,
  resourceArgument,
  resourcesOf,
  scopeOption,
  sourceOption,
  withCommonFlags,
  withOutputFlags,
  type CommonFlags,
  type OutputFlags,
} from './arguments.ts';
import { check } from './commands/check.ts';
import { held } from './commands/held.ts';
import { rejects, retryRejects } from './commands/rejects.ts';
import { runs } from './commands/runs.ts';
import { status } from './commands/status.ts';
import { sync, type SyncFlags } from './commands/sync.ts';
import { createToken, listTokens, revokeToken, type TokenWish } from './commands/token.ts';
import type { ExitCode } from './exit-codes.ts';
import { openTarget, type Target } from './target.ts';
import type { Terminal } from './terminal.ts';

const HELP = `
Exit codes: 0 done, 1 failed, 2 wrong usage or setting, 3 nothing due.
Settings: B2B_API_URL and B2B_API_KEY name the supplier (without them: the demo supplier). Of several
sources, B2B_SOURCES names those beside main: each has B2B_API_URL_<NAME>, B2B_API_KEY_<NAME> and so on.
With --target aws: WORKER_FUNCTION_NAME to sync or retry, TABLE_NAME for the others, AWS credentials as usual.`;

const HOW_TO_GO_ON =
  'npm run sync -- --help lists the commands, npm run sync -- products --help the options of one; for example: npm run sync -- all --auto';

/** Told each command's exit code. */
type Ended = (code: ExitCode) => void;

/** The command line as commander understands it. */
export function createProgram(terminal: Terminal, ended: Ended): Command {
  const program = new Command('npm run sync --')
    .description(
      "Keeps the shop's copy of its supplier's B2B catalogue complete, correct and fresh.",
    )
    .addHelpText('after', HELP)
    .showHelpAfterError(HOW_TO_GO_ON)
    .configureOutput({
      writeOut: (text) => void terminal.stdout.write(text),
      writeErr: (text) => void terminal.stderr.write(text),
    })
    .exitOverride();
  for (const name of RESOURCE_NAMES) addSync(program, name, terminal, ended);
  addLooking(program, terminal, ended);
  addDeciding(program, terminal, ended);
  addTokens(program, terminal, ended);
  return program;
}

function addSync(program: Command, name: string, terminal: Terminal, ended: Ended): void {
  const what = name === ALL ? 'everything, side by side' : `the ${name}`;
  withCommonFlags(program.command(name))
    .description(`sync ${what}: now, or with --auto only if due`)
    .option('--auto', 'respect the interval between two syncs', false)
    .option('--force', 'with --auto: sync even if it is not due', false)
    .addOption(sourceOption())
    .option('--dry-run', 'tell what would change, field by field, and write nothing', false)
    .action(async (flags: SyncFlags) => ended(await sync(resourcesOf(name), flags, terminal)));
}

function addLooking(program: Command, terminal: Terminal, ended: Ended): void {
  withCommonFlags(program.command('status'))
    .description('how fresh and whole each resource is, and what is wrong')
    .addOption(sourceOption())
    .action((flags: CommonFlags) =>
      onTarget(flags, terminal, ended, (target) => status(target, terminal, flags)),
    );
  withCommonFlags(program.command('runs'))
    .description('finished runs, newest first')
    .addArgument(resourceArgument())
    .addOption(limitOption())
    .addOption(sourceOption())
    .action((name: string, flags: CommonFlags & { limit: number }) =>
      onTarget(flags, terminal, ended, (target) =>
        runs(resourcesOf(name), target, terminal, flags),
      ),
    );
  withOutputFlags(program.command('check'))
    .description('try the key and one page of each list from here, and say what is wrong')
    .addOption(sourceOption())
    .action(async (flags: OutputFlags) => ended(await check(flags, terminal)));
}

function addDeciding(program: Command, terminal: Terminal, ended: Ended): void {
  withCommonFlags(program.command('rejects'))
    .description('records in error; with --retry, read them again')
    .addArgument(resourceArgument())
    .option('--retry', 'read the list and the details of these records again', false)
    .addOption(limitOption())
    .addOption(sourceOption())
    .action(async (name: string, flags: CommonFlags & { retry: boolean; limit: number }) => {
      if (flags.retry) return ended(await retryRejects(resourcesOf(name), flags, terminal));
      return onTarget(flags, terminal, ended, (target) =>
        rejects(resourcesOf(name), target, terminal, flags),
      );
    });
  withCommonFlags(program.command('held'))
    .description('carry out, or drop, the deletions that a run held back')
    .addArgument(new Argument('<action>').choices(['approve', 'discard']))
    .argument('<run_id>', 'as npm run sync -- status shows it')
    .addOption(sourceOption())
    .action((action: 'approve' | 'discard', runId: string, flags: CommonFlags) =>
      onTarget(flags, terminal, ended, (target) => held(action, runId, target, terminal, flags)),
    );
}

function addTokens(program: Command, terminal: Terminal, ended: Ended): void {
  const token = program
    .command('token')
    .description('access tokens for programs that ask over HTTP');
  withCommonFlags(token.command('create'))
    .description('make a token, and show it this once')
    .addOption(scopeOption())
    .addOption(nameOption())
    .addOption(daysOption())
    .action((flags: CommonFlags & TokenWish) =>
      onTarget(flags, terminal, ended, (target) => createToken(flags, target, terminal)),
    );
  withCommonFlags(token.command('list'))
    .description('the tokens that were not revoked')
    .action((flags: CommonFlags) =>
      onTarget(flags, terminal, ended, (target) => listTokens(target, terminal, flags)),
    );
  withCommonFlags(token.command('revoke'))
    .description('let nobody in by a token any more')
    .argument('<id>', 'as npm run sync -- token list shows it')
    .action((id: string, flags: CommonFlags) =>
      onTarget(flags, terminal, ended, (target) => revokeToken(id, target, terminal, flags)),
    );
}

/** Opens the copy for one command, and closes it whatever comes. */
async function onTarget(
  flags: CommonFlags,
  terminal: Terminal,
  ended: Ended,
  act: (target: Target) => Promise<ExitCode>,
): Promise<void> {
  const target = await openTarget(flags.target, terminal, flags);
  try {
    ended(await act(target));
  } finally {
    await target.close();
  }
}
