/** Several commands to a domain's QEMU monitor with one `virsh`, and their replies. Pure. */

export interface MonitorCommand {
  readonly execute: string;
  readonly arguments: Readonly<Record<string, string | number>>;
}

/** What QEMU replied: the value, or why it refused (QEMU's `qmp-spec`). */
export type MonitorReply =
  { readonly ok: true; readonly value: unknown } | { readonly ok: false; readonly why: string };

/** virsh joins adjacent quoted texts, as a shell does. */
function quote(text: string): string {
  return `'${text.replaceAll("'", `'"'"'`)}'`;
}

/** The one argument for virsh. A command that fails does not keep virsh from running the next one. */
export function monitorScript(domainAddress: string, commands: readonly MonitorCommand[]): string {
  return commands
    .map(
      (command) =>
        `qemu-monitor-command --domain ${quote(domainAddress)} --cmd ${quote(JSON.stringify(command))}`,
    )
    .join('; ');
}

/** The replies in the order of the commands; `undefined` if there are not as many. */
export function readReplies(stdout: string, count: number): readonly MonitorReply[] | undefined {
  const lines = stdout.split('\n').filter((line) => line.trim() !== '');
  const replies = lines.map(readReply);
  return replies.length === count && replies.every((reply) => reply !== undefined) ? replies : undefined;
}

function readReply(line: string): MonitorReply | undefined {
  let reply: unknown;
  try {
    reply = JSON.parse(line);
  } catch {
    return undefined;
  }
  if (typeof reply !== 'object' || reply === null) return undefined;
  if ('return' in reply) return { ok: true, value: reply.return };
  if (!('error' in reply)) return undefined;
  const { error } = reply;
  const hasText = typeof error === 'object' && error !== null && 'desc' in error;
  return { ok: false, why: hasText && typeof error.desc === 'string' ? error.desc : 'no reason given' };
}
