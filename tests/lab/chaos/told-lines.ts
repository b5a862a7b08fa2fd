/** What vbmcd has told about a BMC, read from its log. Pure. */
import type { Told } from './judge-change.ts';

export interface LogLine {
  /** When it came, in milliseconds since the run began. */
  readonly at: number;
  readonly text: string;
}

/** Lines that name the BMC. */
export function linesAbout(lines: readonly LogLine[], bmc: string, since: number): readonly LogLine[] {
  const named = new RegExp(`(?:^| )${bmc}: `);
  return lines.filter(({ at, text }) => at >= since && named.test(text));
}

/** `reason`: why `vbmc show` says that the change is not finished. */
export function toldAbout(
  lines: readonly LogLine[],
  bmc: string,
  { since, reason }: { readonly since: number; readonly reason: string | null },
): Told {
  const texts = linesAbout(lines, bmc, since).map(({ text }) => text);
  return {
    isGivenUp: reason !== null || texts.some((text) => text.includes(' was cut and is not finished')),
    isUnprotected: texts.some((text) => text.includes(' is not stored: ')),
  };
}

/** Lines that tell of a fault of vbmcd itself. */
export function bugsIn(lines: readonly LogLine[]): readonly LogLine[] {
  return lines.filter(({ text }) => /this is a bug of vbmcd|worker sent /.test(text));
}
