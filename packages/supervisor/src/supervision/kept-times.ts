/** Every deadline, back-off and limit of the kept connections, with the reason for its value. */

/** From the start of ssh until a virsh has got an answer by it. A login that takes longer is of no use to a client either. */
export const KEPT_CONNECT_DEADLINE_MS = 30_000;

/** One that stood this long is made anew at once when it is lost: the sshd was restarted, or an administrator ended it. */
export const KEPT_STABLE_MS = 10_000;

/** A hypervisor that is back is used again at most this long after; until then each virsh logs in by itself. */
export const MAXIMUM_KEPT_BACK_OFF_MS = 30_000;

/** Each is an ssh of some 2 MB of its own, and two sockets. */
export const MOST_KEPT_CONNECTIONS = 64;
