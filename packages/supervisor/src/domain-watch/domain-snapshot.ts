/** The states and UUIDs of all domains of one connection at one moment, by one call of `virsh`. */
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
import { SNAPSHOT_DEADLINE_MS } from '../supervision/supervision-times.ts';
import type { Clock } from '../host/clock.ts';

/** A host has hundreds of domains, with five lines each. */
const MAXIMUM_LINES = 100_000;

export interface DomainSnapshot {
  readonly states: ReadonlyMap<string, DomainState>;
  /** By names without the blanks at their end. Empty if libvirt cannot list them. */
  readonly uuids: ReadonlyMap<string, string>;
}

export interface SnapshotListener {
  taken(snapshot: DomainSnapshot): void;
  failed(cause: string): void;
}

/** Starts a snapshot. Calls one function of the listener once, unless the returned function is called before. */
export function takeSnapshot(
  { followVirsh, clock }: { readonly followVirsh: FollowVirsh; readonly clock: Clock },
  connection: VirshConnection,
  listener: SnapshotListener,
): Kill {
  const lines: string[] = [];
  let complaint: string | undefined;
  const kill = followVirsh(
    // The exit code of virsh is that of its last command: the states, which a snapshot needs.
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
        else listener.failed(complaint ?? cause ?? 'the output of virsh domstats is unreadable');
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
