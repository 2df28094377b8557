import type { Sabotage } from './sabotages.ts';

/** Makes sabotages of files in one folder: a text there, what it becomes, and the tests that must see it. */
export const plantIn =
  (folder: string) =>
  (
    name: string,
    file: string,
    find: string,
    replace: string,
    ...tests: readonly string[]
  ): Sabotage => ({ name, edits: [{ file: `${folder}/${file}`, find, replace }], tests });
