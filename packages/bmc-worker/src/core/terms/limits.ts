/** Bounds on what a client can make one BMC store or wait for. Times are in milliseconds. */
export const limits = {
  /** Active sessions of one BMC. Get Session Info counts them in 6 bits (v2.0§22.20). */
  sessions: 63,
  /**
   * Active sessions per source of this level and lower ones together, so that one client that leaks sessions cannot use them all
   * up, and clients of the lower levels leave room for the others behind the same address translation.
   */
  sessionsPerSource: { callback: 24, user: 24, operator: 28, administrator: 32 },
  /** Active sessions per user, by the highest level of the session, so that one account cannot keep the others out. */
  sessionsPerUser: { callback: 16, user: 16, operator: 32, administrator: 48 },
  /** Active sessions of this level and lower ones together: what is left is reserved for the levels above. */
  sessionsUpToLevel: { callback: 40, user: 40, operator: 55, administrator: 63 },
  /**
   * Half-open sessions, which need no password. An attacker can open one from a forged address (`opened`); a challenged
   * one needs an address that receives the BMC's answers. A source that exceeds its share loses one of its own at random, of
   * the older half (`EarlyDrop`): an attacker who forges the console's own address and does not know its port cannot evict
   * its opened session with 640 Open Session Requests, and evicts it with one of 320 chances by each further one. With other
   * addresses it takes 2,048, each from another source, before the first chance of 1,024.
   *
   * The older half of a share is more than a socket holds by default (some 277 datagrams in 208 KiB): however many clients of one
   * address log in at once, none that goes on at once is evicted. An opened session takes 1 KiB, a challenged one 2.
   */
  handshakes: {
    opened: { total: 2_048, perSource: 640 },
    challenged: { total: 1_024, perSource: 640 },
  },
  /** Bytes of a datagram. The longest that a remote console sends has some 300. */
  datagramBytes: 1_024,
  /**
   * Packets per source that belong to no session. A login takes some ten. Packets of a session are not counted, so a
   * flood from a forged address cannot stop them.
   */
  packetsOutsideSessions: { burst: 16_000, perSecond: 16_000, buckets: 1_024 },
  /** Events that an unauthenticated sender can trigger. */
  unauthenticatedEvents: { burst: 100, perSecond: 5 },
  /** A session that receives no packet for this long is closed: 60 s ± 3 s (v2.0§6.12.15). */
  sessionInactivityMs: 60_000,
  /** How long the session that asked for a reset of the BMC may still be used, to close it. */
  sessionAfterResetMs: 5_000,
  /** How long what the supervisor has told of the network is believed: clients ask for it parameter by parameter. */
  lanFactsMs: 2_000,
  /** A handshake that is not complete after this long is dropped. */
  handshakeMs: 20_000,
  /** A one-shot boot override that no Chassis Control used is cleared after this long (v2.0§28.13, parameter 5). */
  bootFlagsValidMs: 60_000,
  /** Failed logins in a row, of one user name from one source, that cause no delay: a person mistypes. */
  freeLoginFailures: 3,
  /** The delay after the next failure is 1 s; it doubles with each failure, up to this. */
  longestLoginDelayMs: 16_000,
  /** How long after the delay or lock-out a further failed login still counts as in a row. */
  failedLoginsKeptMs: 600_000,
  /** Addresses, and IPv6 networks, whose failed logins are remembered, and user names of each. */
  failingAddresses: { places: 256, namesPerPlace: 32 },
  failingNetworks: { places: 64, namesPerPlace: 32 },
  /** A user name is locked out in a whole IPv6 /64 after so many times the failures that lock it out at one address. */
  networkAttemptsFactor: 10,
  /** An address that has failed so many times the failures of a lock-out, with any names, guesses: it has no free failures. */
  guessingFactor: 3,
  /**
   * For how long after a login the same user is not refused at the same address, whatever fails there, and how many failures
   * that covers. Behind an address translation nothing but the password tells a user from a guesser.
   */
  recentLoginMs: 3_600_000,
  failuresAfterRecentLogin: 10_000,
  recentUsers: 64,
  recentAddressesPerUser: 64,
  /** How often the supervisor is told which sources have failed, and how many of them at once. */
  failureReportMs: 2_000,
  failureReportSources: 16,
  /** A login given up is reported at once; further ones of the same source and user are counted, and reported after so long. */
  abandonedLoginsFoldedMs: 60_000,
  abandonedLoginsFolded: 64,
  /**
   * How long a state is believed that the supervisor's domain watch has not confirmed: two of its periods. It confirms each state
   * at the latest 55 s after the last time.
   */
  stateBelievedMs: 60_000,
  /** How long the supervisor may be silent before nothing is believed that it has told. It pings every 2.5 s. */
  supervisorSilenceMs: 10_000,
  /** How often the endpoint checks its deadlines while it has any. */
  tickMs: 500,
  /** A request that waits for an answer from libvirt gets a time-out (C3h) after this long. */
  readAnswerMs: 4_000,
  /** The same for a request that changes the domain. */
  changeAnswerMs: 25_000,
  /** Requests that wait for an answer of the supervisor or the host, or for their commands; further ones get C0h (node busy). */
  openQuestions: 64,
  /**
   * Questions to the supervisor or the host that a session may ask. Those of all 63 sessions together stay below what the supervisor
   * takes from a worker.
   */
  questionsPerSession: { burst: 60, perSecond: 40 },
  /** Requests that wait for the same answer from libvirt; further ones get C0h (node busy). */
  waitersPerAction: 256,
  /**
   * How long a session remembers the answer to a domain-changing request, for retransmissions. Longer than any client's
   * retry interval (Ironic's is 5 s and grows), but not much longer, because gebn/bmc numbers all its requests 1 and
   * may want the same command again.
   */
  rememberedAnswerMs: 15_000,
  /**
   * How long after a change has ended the same request of the same session with a new rqSeq counts as a retransmission
   * that crossed the answer on the wire. ipmipower sends every 0.4 s.
   */
  crossingMs: 400,
  /** After this many later requests of the session a remembered answer is stale. The rqSeq wraps after 64. */
  rememberedAnswerRequests: 32,
} as const;
