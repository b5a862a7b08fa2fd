/**
 * The virsh of the domain watch by way of the kept connection of its URI, if there is one. A virsh that cannot connect by that way is
 * started again without it, and says why.
 */
import type { FollowVirsh, Kill, VirshListener } from '@vbmc/bmc-worker/libvirt';
import type { KeptConnections } from './kept-connections.ts';

const FAILED_TO_CONNECT = 'error: failed to connect to the hypervisor';

export function keptFollower(
  followVirsh: FollowVirsh,
  kept: Pick<KeptConnections, 'way' | 'doubt'>,
): FollowVirsh {
  return (command, listener) => {
    const { connectionUri } = command;
    const demands = command.args.some((arg) => arg.includes('event --loop'));
    const way = kept.way(connectionUri, { demands });
    if (way === undefined) return followVirsh(command, listener);
    let kill: Kill | undefined;
    let isKilled = false;
    const follow = (uri: string | undefined): void => {
      if (isKilled) return;
      if (uri === undefined) {
        kill = followVirsh(command, listener);
        return;
      }
      kill = followVirsh(
        { ...command, connectionUri: uri },
        unlessNotConnected(listener, () => {
          kept.doubt(connectionUri);
          follow(undefined);
        }),
      );
    };
    if (typeof way === 'string') follow(way);
    else void way.then(follow);
    return () => {
      isKilled = true;
      kill?.();
    };
  };
}

/** Calls `notConnected` in the place of `ended`, and passes nothing on, if virsh has not connected. */
function unlessNotConnected(listener: VirshListener, notConnected: () => void): VirshListener {
  let hasFailed = false;
  return {
    line: (stream, line) => {
      hasFailed ||= stream === 'stderr' && line.endsWith(FAILED_TO_CONNECT);
      if (!hasFailed) listener.line(stream, line);
    },
    ended: (cause) => {
      if (hasFailed) notConnected();
      else listener.ended(cause);
    },
  };
}
