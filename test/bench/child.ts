import { fork } from 'node:child_process';
import { once } from 'node:events';
import { resolve } from 'node:path';

/** A program of the bench in a process of its own, asked and answering by messages. */
export interface Child {
  /** Its first message. */
  readonly first: unknown;
  /** Sends a message and waits for the next one back. @throws Error when it ends instead */
  readonly ask: (question: object) => Promise<unknown>;
  readonly stop: () => Promise<void>;
}

/** Starts a program, by its path from here, and waits for its first message. */
export async function startChild(
  file: string,
  settings: object,
  nodeOptions: readonly string[] = [],
): Promise<Child> {
  const program = resolve(import.meta.dirname, file);
  const child = fork(program, [JSON.stringify(settings)], { execArgv: [...nodeOptions] });
  const ended = once(child, 'exit');
  const answer = async (): Promise<unknown> => {
    const message = once(child, 'message').then(([value]): { value: unknown } => ({ value }));
    const end = ended.then(() => null);
    const result = await Promise.race([message, end]);
    if (result === null)
      throw new Error(`${file} ended with ${child.exitCode ?? child.signalCode}`);
    return result.value;
  };
  const ask = (question: object): Promise<unknown> => {
    const answered = answer();
    child.send(question);
    return answered;
  };
  const stop = async (): Promise<void> => {
    if (child.connected) child.disconnect();
    await ended;
  };
  return { first: await answer(), ask, stop };
}
