/** The states of all domains of one connection at some moment, by one call of `virsh`. */
import type { DomainState } from '@vbmc/bmc-worker/ipc-protocol';
import { parseDomainStats } from '../core/domain-stats.ts';
import { printable } from '../core/printable.ts';
import type { Kill, StartVirsh, VirshCommand } from './virsh-process.ts';

/** A host has hundreds of domains, four lines each. */
const MAXIMUM_LINES = 100_000;

export interface SnapshotListener {
  taken(states: ReadonlyMap<string, DomainState>): void;
  failed(cause: string): void;
}

/** Starts taking it; one of the listener's functions is called, once, unless the function returned is called before. */
export function takeSnapshot(
  startVirsh: StartVirsh,
  connection: Omit<VirshCommand, 'args'>,
  listener: SnapshotListener,
): Kill {
  const lines: string[] = [];
  let complaint: string | undefined;
  return startVirsh(
    { ...connection, args: ['domstats', '--state', '--raw'] },
    {
      line: (stream, line) => {
        if (stream === 'stderr') complaint ??= printable(line.replace(/^error: /, ''), 300);
        else if (lines.length < MAXIMUM_LINES) lines.push(line);
      },
      ended: (cause) => {
        const states = cause === undefined ? parseDomainStats(lines.join('\n')) : undefined;
        if (states !== undefined) listener.taken(states);
        else listener.failed(complaint ?? cause ?? 'virsh domstats printed what nobody can read');
      },
    },
  );
}
