/** Whether a way leads to a libvirt: one virsh goes it. */
import type { FollowVirsh, Kill } from '@vbmc/bmc-worker/libvirt';
import { printable } from '../text/printable.ts';

/** What libvirt's client says when nobody answers at the other end of a socket. */
const leadsNowhere = /End of file|Connection re(fused|set)|No such file|Cannot (recv|write)|Broken pipe/i;
const MAXIMUM_LINES = 20;

/**
 * Calls `ended` once, with the cause if the way leads nowhere. A libvirt that refuses this user has been reached all the same, and tells
 * each virsh so.
 */
export function tryWay(
  followVirsh: FollowVirsh,
  connectionUri: string,
  ended: (cause: string | undefined) => void,
): Kill {
  const complaints: string[] = [];
  return followVirsh(
    { connectionUri, libvirtAuthFile: undefined, args: ['hostname'] },
    {
      line: (stream, line) => {
        if (stream === 'stderr' && complaints.length < MAXIMUM_LINES) complaints.push(line);
      },
      ended: (cause) => {
        const said = complaints.length === 0 ? cause : complaints.find((line) => leadsNowhere.test(line));
        if (cause === undefined || said === undefined) ended(undefined);
        else
          ended(
            `ssh does not lead to libvirt's socket there: ${printable(said.replace(/^error: /, ''), 200)}`,
          );
      },
    },
  );
}
