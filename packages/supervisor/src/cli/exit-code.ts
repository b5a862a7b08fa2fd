/** What the shell sees of a command; documented in `--help`. */
export const exitCodes = {
  done: 0,
  failed: 1,
  usage: 2,
  daemonNotRunning: 3,
  permissionDenied: 4,
  inventoryRejected: 5,
  notAnswering: 6,
} as const;

export type ExitCode = (typeof exitCodes)[keyof typeof exitCodes];

/** For verbs that ask vbmcd and change nothing. */
export const QUESTION_EXIT_CODE_HELP = `
Exit codes:
  0  done
  1  failed: the message says why
  2  the command line is wrong
  3  vbmcd is not running
  4  no permission to talk to vbmcd`;

export const EXIT_CODE_HELP = `
Exit codes:
  0  done
  1  failed
  2  the command line is wrong
  3  vbmcd is not running
  4  no permission to talk to vbmcd
  5  the inventory has errors, nothing was changed
  6  done, but a BMC that was started does not answer (yet) although its address is there`;
