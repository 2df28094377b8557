/** What the command line answers to scripts. */
export const EXIT = {
  done: 0,
  failed: 1,
  /** Wrong usage or a wrong setting: nothing was started. */
  usage: 2,
  /** Nothing was due, or a sync is in progress already. */
  nothingDue: 3,
} as const;

export type ExitCode = (typeof EXIT)[keyof typeof EXIT];
