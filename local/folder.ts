import { accessSync, constants, mkdirSync } from 'node:fs';
import { ConfigurationError } from '../shared/core/errors.ts';

/** Makes the folder that keeps the local copy, where there is none. @throws ConfigurationError when it can't be used */
export function openFolder(folder: string): void {
  try {
    mkdirSync(folder, { recursive: true });
    accessSync(folder, constants.R_OK | constants.W_OK);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new ConfigurationError(
      `The folder of the local copy can't be used (${why}): set LOCAL_DIR to one of your own, for example LOCAL_DIR=.local/copy.`,
    );
  }
}
