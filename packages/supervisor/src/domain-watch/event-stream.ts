/** The running `virsh event` of one connection: tells when it is connected, of each event, and of its end. */
import { printable } from '../text/printable.ts';
import { Quota } from '../log/log-quota.ts';
import type { Clock } from '../host/clock.ts';
import {
  parseVirshEvent,
  type FollowVirsh,
  type Kill,
  type VirshConnection,
  type VirshEvent,
} from '@vbmc/bmc-worker/libvirt';

export interface EventStreamListener {
  /** The connection stands, and virsh has begun to subscribe. `roundTripMs`: how long one call of libvirt takes on it. */
  connected(roundTripMs: number): void;
  event(event: VirshEvent): void;
  /** Once. No event comes after it. */
  lost(cause: string): void;
}

/** In one second. A hypervisor's domains make a few; more is a virsh that has lost its mind. */
const MAXIMUM_LINES = 10_000;

/**
 * virsh says nothing when it has subscribed. So it is given two calls to do before, on the same connection: the
 * first answer shows that the connection stands, the second how long a call takes.
 */
const SCRIPT = 'hostname; hostname; event --loop --all';

/** Starts the stream; the function returned ends it without a word. */
export function startEventStream(
  followVirsh: FollowVirsh,
  connection: VirshConnection,
  clock: Clock,
  listener: EventStreamListener,
): Kill {
  let answers = 0;
  let firstAnswerAtMs = 0;
  let lastWord: string | undefined;
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
          // virsh says so at once when its connection has gone, and ends some time later.
          if (line.startsWith('error: ')) lose(printable(line.slice('error: '.length), 300));
          else lastWord = printable(line, 300);
          return;
        }
        answers += 1;
        if (answers === 1) firstAnswerAtMs = clock.now();
        else if (answers === 2) listener.connected(clock.now() - firstAnswerAtMs);
        else {
          const event = parseVirshEvent(line);
          if (event !== undefined) listener.event(event);
        }
      },
      ended: (cause = 'virsh ended') => {
        listener.lost(lastWord === undefined ? cause : `${cause}: ${lastWord}`);
      },
    },
  );
  return kill;
}
