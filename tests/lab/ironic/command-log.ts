/** The ipmitool commands that Ironic has run on one BMC, as its own debug log says. */
import { readFileSync, statSync } from 'node:fs';

export interface LoggedCommand {
  /** What was asked of the BMC: the words behind the options. */
  readonly words: string;
  /** ipmitool's exit code, or `timeout`. */
  readonly outcome: string;
  readonly seconds: number;
}

export interface CommandLog {
  /** The log's end; what is asked for since then is later than this call. */
  position(): number;
  text(since: number): string;
  commands(since: number): readonly LoggedCommand[];
  /** What ipmitool said when it last failed, or an empty text. */
  lastFailure(since: number): string;
}

export function commandLog(
  file: string,
  bmc: { readonly address: string; readonly port: number },
): CommandLog {
  const target = String.raw`-H ${bmc.address.replaceAll('.', String.raw`\.`)} -L \S+ -p ${bmc.port} `;
  const ending = String.raw`returned: (-?\d+) in ([\d.]+)s|reached timeout in ([\d.]+)s`;
  const command = new RegExp(
    String.raw`oslo_concurrency\.processutils .*? CMD "(ipmitool [^"\n]*?${target}[^"\n]*)" (?:${ending})`,
    'g',
  );
  const failure = new RegExp(
    String.raw`Command: ipmitool [^\n]*?${target}[^\n]*\nExit code: (\S+)\nStdout: [^\n]*\n` +
      String.raw`Stderr: (['"])(.*?)\2(?=[:.\s])`,
    'g',
  );
  const text = (since: number): string => readFileSync(file).subarray(since).toString();
  return {
    position: () => statSync(file).size,
    text,
    commands: (since) =>
      [...text(since).matchAll(command)].map(([, line = '', exitCode = 'timeout', took, untilTimeout]) => ({
        // The last option is the file with the password.
        words: line.replace(/^.* -f \S+ /, ''),
        outcome: exitCode,
        seconds: Number(took ?? untilTimeout),
      })),
    lastFailure: (since) => {
      const [, exitCode = '', , said = ''] = [...text(since).matchAll(failure)].at(-1) ?? [];
      if (exitCode === '') return '';
      return `ipmitool exit ${exitCode}: ${said
        .replaceAll(String.raw`\n`, ' / ')
        .replace(/[ /]+$/, '')
        .slice(0, 300)}`;
    },
  };
}
