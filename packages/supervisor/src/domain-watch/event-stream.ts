/** The running `virsh event` of one connection: reports when it is connected, each event, and its end. */
import {
  parseVirshEvent,
  parseVirshIncident,
  type FollowVirsh,
  type Kill,
  type VirshConnection,
  type VirshEvent,
  type VirshIncident,
} from '@vbmc/bmc-worker/libvirt';
import { printable } from '../text/printable.ts';
import { Quota } from '../log/log-quota.ts';
import type { Clock } from '../host/clock.ts';
import { ConnectionComplaint } from './connection-cause.ts';

export interface EventStreamListener {
  /** virsh is connected and has begun to subscribe. `roundTripMs`: how long one libvirt call takes. */
  connected(roundTripMs: number): void;
  event(event: VirshEvent): void;
  incident(incident: VirshIncident): void;
  /** Called once; no event follows. */
  lost(cause: string): void;
}

/** Per second. The domains of a hypervisor cause a few; a virsh that prints more is broken. */
const MAXIMUM_LINES = 10_000;

/**
 * virsh prints nothing when it has subscribed. So it makes two calls before, on the same connection: the answer to the
 * first shows that virsh is connected, the answer to the second how long a call takes.
 */
const SCRIPT = 'hostname; hostname; event --loop --all';

/** Starts the stream. The returned function ends it; the listener is not called after that. */
export function startEventStream(
  followVirsh: FollowVirsh,
  connection: VirshConnection,
  clock: Clock,
  listener: EventStreamListener,
): Kill {
  let answers = 0;
  let firstAnswerAtMs = 0;
  const complaint = new ConnectionComplaint(connection.connectionUri);
  const quota = new Quota(MAXIMUM_LINES, 1_000);
  const lose = (cause: string): void => {
    kill();
    listener.lost(cause);
  };
  const kill = followVirsh(
    { ...connection, args: [SCRIPT] },
    {
      line: (stream, line) => {
        if (!quota.take(clock.now()).granted) {
          lose(`virsh printed more than ${MAXIMUM_LINES} lines in a second`);
          return;
        }
        if (stream === 'stderr') {
          complaint.add(line);
          // virsh reports a lost connection at once, and ends some time later.
          if (line.startsWith('error: ') && !complaint.isOfConnection)
            lose(printable(line.slice('error: '.length), 300));
          return;
        }
        answers += 1;
        if (answers === 1) firstAnswerAtMs = clock.now();
        else if (answers === 2) listener.connected(clock.now() - firstAnswerAtMs);
        else {
          const event = parseVirshEvent(line);
          const incident = event === undefined ? parseVirshIncident(line) : undefined;
          if (event !== undefined) listener.event(event);
          else if (incident !== undefined) listener.incident(incident);
        }
      },
      ended: (cause = 'virsh ended') => {
        const why = complaint.cause();
        if (why === undefined) listener.lost(cause);
        else listener.lost(complaint.isOfConnection ? why : `${cause}: ${why}`);
      },
    },
  );
  return kill;
}
