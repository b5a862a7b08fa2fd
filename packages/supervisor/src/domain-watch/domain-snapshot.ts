/** The states and UUIDs of all domains of one connection at one moment, by one call of `virsh`. */
import type { DomainState } from '@vbmc/bmc-worker/ipc';
import {
  isListed,
  parseDomainFigures,
  parseDomainStats,
  readDomainList,
  readListedUuid,
  type DomainFigures,
  type FollowVirsh,
  type VirshConnection,
} from '@vbmc/bmc-worker/libvirt';
import { SNAPSHOT_DEADLINE_MS } from '../supervision/supervision-times.ts';
import type { Clock } from '../host/clock.ts';
import { ConnectionComplaint } from './connection-cause.ts';

/**
 * With `--cpu-total` and all other statistics libvirt 9 asks each QEMU, and waits for one that is stopped: measured, more than 20 s, and
 * with it the answer about all other domains.
 */
const SCRIPT = 'list --all --uuid --name; list --transient --uuid; domstats --state --raw';

/** A host has hundreds of domains, with five lines each. */
const MAXIMUM_LINES = 100_000;

export interface DomainSnapshot {
  readonly states: ReadonlyMap<string, DomainState>;
  /** By names without the blanks at their end. Empty if libvirt cannot list them. */
  readonly uuids: ReadonlyMap<string, string>;
  /** The UUIDs of the domains without a definition. */
  readonly transient: ReadonlySet<string>;
  readonly figures: ReadonlyMap<string, DomainFigures>;
}

export interface SnapshotListener {
  taken(snapshot: DomainSnapshot): void;
  failed(cause: string): void;
  /** It has run past its deadline, so that its outcome does not count; or it was not started. */
  overdue(cause: string): void;
}

function nothing(): void {
  return undefined;
}

/**
 * Takes one snapshot at a time. libvirtd answers it domain after domain and waits for each, and a virsh that is killed leaves
 * libvirtd waiting. So none is killed, and none is started before the last one has ended.
 */
export class DomainSnapshots {
  readonly #followVirsh: FollowVirsh;
  readonly #clock: Clock;
  readonly #handshakeMs: () => number;
  readonly #ended: () => void;
  #runs = false;
  #abandon = nothing;

  /** `handshakeMs`: how long a new connection takes. `ended`: called when a virsh whose outcome does not count any more has ended. */
  constructor(
    { followVirsh, clock }: { readonly followVirsh: FollowVirsh; readonly clock: Clock },
    handshakeMs: () => number,
    ended: () => void,
  ) {
    this.#followVirsh = followVirsh;
    this.#clock = clock;
    this.#handshakeMs = handshakeMs;
    this.#ended = ended;
  }

  /** Whether a virsh is under way. */
  get runs(): boolean {
    return this.#runs;
  }

  /**
   * Starts a snapshot. Calls one function of the listener once, unless `abandon` is called before. `isHopeless`: libvirt does
   * not answer about some domain.
   */
  take(connection: VirshConnection, isHopeless: boolean, listener: SnapshotListener): void {
    if (this.#runs || isHopeless) {
      this.#abandon = this.#clock.after(0, () => {
        listener.overdue('libvirt would have to wait for a domain that does not answer');
      });
      return;
    }
    this.#runs = true;
    let counts = true;
    const lines: string[] = [];
    const complaint = new ConnectionComplaint(connection.connectionUri);
    this.#followVirsh(
      // The exit code of virsh is that of its last command: the states, which a snapshot needs.
      { ...connection, args: [SCRIPT] },
      {
        line: (stream, line) => {
          if (!counts) return;
          if (stream === 'stderr') complaint.add(line);
          else if (lines.length < MAXIMUM_LINES) lines.push(line);
        },
        ended: (cause) => {
          this.#runs = false;
          if (!counts) {
            this.#ended();
            return;
          }
          cancelDeadline();
          const transient = new Set(lines.flatMap((line) => readListedUuid(line) ?? []));
          const isStats = (line: string): boolean => !isListed(line) && readListedUuid(line) === undefined;
          const stats = lines.filter(isStats).join('\n');
          const states = cause === undefined ? parseDomainStats(stats) : undefined;
          if (states !== undefined) {
            const uuids = readDomainList(lines.join('\n'));
            listener.taken({ states, uuids, transient, figures: parseDomainFigures(stats) });
          } else listener.failed(complaint.cause() ?? cause ?? 'the output of virsh domstats is unreadable');
        },
      },
    );
    const cancelDeadline = this.#clock.after(SNAPSHOT_DEADLINE_MS + this.#handshakeMs(), () => {
      counts = false;
      listener.overdue(`virsh domstats has not ended after ${SNAPSHOT_DEADLINE_MS / 1000} s`);
    });
    this.#abandon = () => {
      counts = false;
      cancelDeadline();
    };
  }

  /** The snapshot under way, if there is one, does not count. */
  abandon(): void {
    this.#abandon();
    this.#abandon = nothing;
  }
}
