import { CommanderError } from 'commander';
import { ConfigurationError, StoreUnavailableError } from '../shared/core/errors.ts';
import { awsHelp } from './aws-help.ts';
import { EXIT, type ExitCode } from './exit-codes.ts';
import { createProgram } from './program.ts';
import type { Terminal } from './terminal.ts';

/** Runs one command; every failure is one plain message on standard error and an exit code. */
export async function runCommandLine(
  words: readonly string[],
  terminal: Terminal,
): Promise<ExitCode> {
  let code: ExitCode = EXIT.done;
  const program = createProgram(terminal, (ended) => {
    code = ended;
  });
  try {
    await program.parseAsync(words, { from: 'user' });
    return code;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.done : EXIT.usage;
    const help = awsHelp(error);
    terminal.stderr.write(`${help ?? messageOf(error)}\n`);
    return help !== null || error instanceof ConfigurationError ? EXIT.usage : EXIT.failed;
  }
}

function messageOf(error: unknown): string {
  if (error instanceof ConfigurationError) return error.message;
  if (error instanceof StoreUnavailableError) {
    const reason = error.cause instanceof Error ? `: ${error.cause.message}` : '';
    return `The copy can't be read or written now (${error.message}${reason}).`;
  }
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
