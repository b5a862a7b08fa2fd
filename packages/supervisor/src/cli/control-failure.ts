import type { ExitCode } from './exit-code.ts';

/** Talking to vbmcd did not work; the message names the remedy. */
export class ControlFailure extends Error {
  override readonly name = 'ControlFailure';
  readonly exitCode: ExitCode;

  constructor(message: string, exitCode: ExitCode) {
    super(message);
    this.exitCode = exitCode;
  }
}
