/** The exit codes of all verbs; each verb's help lists those that it has. */
export const exitCodes = {
  done: 0,
  failed: 1,
  usage: 2,
  daemonNotRunning: 3,
  permissionDenied: 4,
  inventoryRejected: 5,
  notAnswering: 6,
  /** Of vbmcd, where systemd has started it: its unit does not try again. */
  directoryTaken: 7,
} as const;

export type ExitCode = (typeof exitCodes)[keyof typeof exitCodes];

/** The exit codes of a verb and what each means. */
export type ExitCodeTexts = Readonly<Partial<Record<ExitCode, string>>>;

/** Every exit code of `vbmc` in general. */
export const allExitCodes = {
  0: 'done',
  1: 'failed; the message says why',
  2: 'the command line is wrong',
  3: 'vbmcd is not running',
  4: 'no permission to talk to vbmcd',
  5: 'the inventory has errors, or would remove most BMCs; nothing was changed',
  6: 'done, but a BMC does not answer yet although its address exists; vbmcd keeps trying',
} as const satisfies Record<Exclude<ExitCode, typeof exitCodes.directoryTaken>, string>;

/** Verbs that ask no vbmcd. */
export const localExitCodes: ExitCodeTexts = pick(0, 1, 2);

/** Verbs that ask vbmcd and change nothing. */
export const questionExitCodes: ExitCodeTexts = pick(0, 1, 2, 3, 4);

/** Verbs that change the inventory. */
export const changeExitCodes: ExitCodeTexts = {
  ...pick(0, 1, 2, 4, 6),
  5: 'the inventory was changed but has older errors, so vbmcd has not applied it',
};

function pick(...codes: readonly (keyof typeof allExitCodes)[]): ExitCodeTexts {
  return Object.fromEntries(codes.map((code) => [code, allExitCodes[code]]));
}
