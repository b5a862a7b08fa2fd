/** The states and UUIDs of all domains of one connection at some moment, by one call of `virsh`. */
import type { DomainState } from '@vbmc/bmc-worker/ipc';
import {
  isListed,
  parseDomainStats,
  readDomainList,
  type FollowVirsh,
  type Kill,
  type VirshConnection,
} from '@vbmc/bmc-worker/libvirt';
import { printable } from '../text/printable.ts';
import { SNAPSHOT_DEADLINE_MS } from './watch-times.ts';
import type { Clock } from '../host/clock.ts';

/** A host has hundreds of domains, five lines each. */
const MAXIMUM_LINES = 100_000;

export interface DomainSnapshot {
  readonly states: ReadonlyMap<string, DomainState>;
  /** By name without blanks at its end. A libvirt that cannot list them leaves this empty. */
  readonly uuids: ReadonlyMap<string, string>;
}

export interface SnapshotListener {
  taken(snapshot: DomainSnapshot): void;
  failed(cause: string): void;
}

/** Starts taking it; one of the listener's functions is called, once, unless the function returned is called before. */
export function takeSnapshot(
  { followVirsh, clock }: { readonly followVirsh: FollowVirsh; readonly clock: Clock },
  connection: VirshConnection,
  listener: SnapshotListener,
): Kill {
  const lines: string[] = [];
  let complaint: string | undefined;
  const kill = followVirsh(
    // The states last: their success is that of virsh.
    { ...connection, args: ['list --all --uuid --name; domstats --state --raw'] },
    {
      line: (stream, line) => {
        if (stream === 'stderr') complaint ??= printable(line.replace(/^error: /, ''), 300);
        else if (lines.length < MAXIMUM_LINES) lines.push(line);
      },
      ended: (cause) => {
        cancelDeadline();
        const stats = lines.filter((line) => !isListed(line)).join('\n');
        const states = cause === undefined ? parseDomainStats(stats) : undefined;
        if (states !== undefined) listener.taken({ states, uuids: readDomainList(lines.join('\n')) });
        else listener.failed(complaint ?? cause ?? 'virsh domstats printed what nobody can read');
      },
    },
  );
  const cancelDeadline = clock.after(SNAPSHOT_DEADLINE_MS, () => {
    kill();
    listener.failed(`virsh domstats has not ended after ${SNAPSHOT_DEADLINE_MS / 1000} s`);
  });
  return () => {
    cancelDeadline();
    kill();
  };
}
