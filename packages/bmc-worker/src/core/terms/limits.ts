/** Bounds on what a peer can make one BMC hold or wait for. Times in milliseconds. */
export const limits = {
  /** Active sessions of one BMC. The number of them has 6 bits (v2.0§22.20). */
  sessions: 63,
  /** Of one source: who has a password and loses its sessions, leaves some to others. */
  sessionsPerSource: 32,
  /**
   * Half-open sessions, which anybody can cause: after Open Session from a forged address, after RAKP Message 2
   * only from an address that gets our answers. A forger has to send 1,024 datagrams between two of a remote
   * console to keep it out.
   */
  handshakes: {
    opened: { total: 1_024, perSource: 64 },
    challenged: { total: 256, perSource: 32 },
  },
  /** Bytes of a datagram; the longest that a remote console sends has some 300. */
  datagramBytes: 1_024,
  /**
   * Packets of one source that belong to no session; the packets of a session are not counted, so that nobody can
   * use up its share from outside. A login takes some ten.
   */
  packetsOutsideSessions: { burst: 16_000, perSecond: 16_000, buckets: 1_024 },
  /** Events that strangers can cause. */
  unauthenticatedEvents: { burst: 100, perSecond: 5 },
  /** A session without a packet for this long is closed: 60 s ± 3 s (v2.0§6.12.15). */
  sessionInactivityMs: 60_000,
  /** A handshake that is not finished after this long is forgotten. */
  handshakeMs: 20_000,
  /** A one-shot boot override that no Chassis Control used is taken back after this long (v2.0§28.13, parameter 5). */
  bootFlagsValidMs: 60_000,
  /** Failed logins in a row, of one user name from one source, that cost nothing: somebody who mistypes. */
  freeLoginFailures: 3,
  /** The delay after the next is 1 s and doubles, up to this. */
  longestLoginDelayMs: 16_000,
  /** How long after their delay or lock-out failed logins still count as in a row. */
  failedLoginsKeptMs: 600_000,
  /** Sources whose failed logins are remembered, and user names of each; its further names count as one. */
  failingSources: 512,
  failedNamesPerSource: 8,
  /** How often the endpoint looks at its deadlines while it has any. */
  tickMs: 500,
  /** A request that waits for libvirt to tell something is answered with a time-out (C3h) after this long. */
  readAnswerMs: 4_000,
  /** The same for a request that changes the domain. */
  changeAnswerMs: 25_000,
  /** Requests that wait for one and the same answer of libvirt; more get C0h (node busy). */
  waitersPerAction: 256,
  /**
   * How long a session remembers the answer to a domain-changing request for retransmissions: longer than
   * any client's retry interval (Ironic's is 5 s and grows), no longer, as gebn/bmc numbers all its requests 1
   * and may mean the same command again.
   */
  rememberedAnswerMs: 15_000,
  /**
   * How long after a change's end the same wish of the same session, under a new rqSeq, is taken for a
   * retransmission that crossed the answer on the wire. ipmipower sends every 0.4 s.
   */
  crossingMs: 400,
  /** How many later requests of a session make a remembered answer stale. The rqSeq wraps after 64. */
  rememberedAnswerRequests: 32,
} as const;
