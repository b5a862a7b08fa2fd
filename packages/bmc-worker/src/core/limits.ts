/** Bounds on what a peer can make one BMC hold or wait for. Times in milliseconds. */
export const limits = {
  /** Sessions of one BMC, half-open ones included. A session handle has 6 bits (v2.0§22.20). */
  sessions: 64,
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
