/**
 * The supervision contract: what vbmcd does about a worker that fails, and every deadline, back-off and limit that it
 * uses, each with the reason for its value.
 *
 * Crash: a worker that ends unasked is restarted at once. Further crashes in a row are followed by delays that double,
 * from `FIRST_BACK_OFF_MS` to `MAXIMUM_RESTART_DELAY_MS`. vbmcd never gives up. A worker that ran for
 * `STABLE_PERIOD_MS` has its earlier crashes forgotten.
 *
 * Hang: vbmcd pings each running worker every `HEARTBEAT_INTERVAL_MS`. A worker that misses `HEARTBEATS_TO_MISS` pings
 * in a row is killed and restarted, unless it waits for a processor. A worker above its memory limit is asked to stop, and restarted.
 *
 * Channel: a worker that sends what no worker sends, or more than any does, or that does not read, is killed and restarted.
 *
 * Port in use, or not permitted: the bind is retried with its own back-off, up to `MAXIMUM_BIND_RETRY_DELAY_MS`.
 * Address missing: no worker is started until the address appears. The same holds for a host name that has no address; it is looked
 * up again with its own back-off, up to `LOOKUP_AGAIN_MS`.
 *
 * Stop: a worker is asked to stop and killed after `STOP_GRACE_MS`.
 *
 * libvirt: one watch per connection follows events and confirms them by snapshots. A watch that fails is not trusted and
 * tried again with its own back-off, up to `MAXIMUM_WATCH_BACK_OFF_MS`; meanwhile the workers ask libvirt themselves.
 *
 * In all of this the other workers keep running. Delays have jitter, so that workers that failed together do not come
 * back together.
 */

// Restarts

/** A worker that ran this long counts as sound: its earlier crashes no longer count. */
export const STABLE_PERIOD_MS = 60_000;

/** The first delay of every back-off: short enough that a single failure is hardly noticed. */
export const FIRST_BACK_OFF_MS = 250;

/** A worker that keeps crashing costs one start in 30 s, and is back at most that long after the cause is gone. */
export const MAXIMUM_RESTART_DELAY_MS = 30_000;

/** An operator who freed a port should not wait long to see the BMC come up. */
export const MAXIMUM_BIND_RETRY_DELAY_MS = 10_000;

/** An administrator who has just added an address looks at once. Each look takes 40 µs, little for hundreds of BMCs. */
export const ADDRESS_LOOK_INTERVAL_MS = 500;

/**
 * The addresses of the host, up to which a BMC on all of them has a socket for each: 64 sockets take some 0.2 MB of a worker.
 * Hosts of containers can have thousands of addresses, on which no BMC is asked. A host name may have no more either.
 */
export const MOST_ADDRESSES = 64;

// Host names

/**
 * A lookup that takes longer counts as failed; its answer is taken when it comes. A resolver that is well answers within a second, and
 * a start or a reload waits no longer for the address of a BMC.
 */
export const LOOKUP_LIMIT_MS = 5_000;

/** A name that has addresses is looked up again after this time: the system does not tell how long an answer is valid. */
export const LOOKUP_AGAIN_MS = 30_000;

/** How soon a changed hosts file is noticed, and a lookup that is due begins. */
export const NAME_LOOK_INTERVAL_MS = 1_000;

/**
 * Node's pool has four threads, of which lookups get two. More of them would wait for each other there, where vbmcd cannot prefer
 * one.
 */
export const MOST_LOOKUPS = 2;

/** Of these, the ones of names whose last lookup was too slow: the others never wait for them only. */
export const MOST_SLOW_LOOKUPS = 1;

// How long a worker may stay in a state before it is killed

/** Hundreds of workers starting together on a slow machine take their time. */
export const START_DEADLINE_MS = 30_000;

/** A worker whose bind failed has nothing left to do but exit. */
export const BIND_FAILURE_EXIT_MS = 2_000;

/** A power cycle under way must finish: interrupted halfway, it leaves the domain off. */
export const STOP_GRACE_MS = 10_000;

/** SIGKILL ends a process within milliseconds, unless the machine is overloaded, or it waits in the kernel for a dead disk. */
export const KILL_LIMIT_MS = 5_000;

/** A reload waits no longer for a worker that does not end: grace, kill, and the time to tell. */
export const END_LIMIT_MS = STOP_GRACE_MS + 2 * KILL_LIMIT_MS;

/** The same grace for a worker that is asked to stop for its memory. */
export const REPLACEMENT_GRACE_MS = 10_000;

/**
 * From the end of a worker's channel, or of its process, until what remains is cut off: the process itself, or the
 * output that a child of it still holds open. Neither may delay the restart.
 */
export const EXIT_LINGER_MS = 500;

// Heartbeats

/** How often a running worker is pinged; with `HEARTBEATS_TO_MISS` it bounds a hang to 10 s. */
export const HEARTBEAT_INTERVAL_MS = 2_500;

/**
 * A worker is replaced after this many unanswered pings, each given a whole interval: at most 10 s after its event loop
 * stopped turning. Pings are counted rather than time, so that a supervisor that was itself kept from the processor
 * does not blame its workers.
 */
export const HEARTBEATS_TO_MISS = 3;

/** A ping whose interval ended so much late is not counted: vbmcd itself was kept from the processor. */
export const MOST_LATENESS_MS = HEARTBEAT_INTERVAL_MS / 2;

/**
 * A worker that wants a processor is replaced only when it has used so much of one since its first missed ping. Its longest
 * work between two looks at its channel, an edit of a large definition, takes a tenth of that.
 */
export const HANG_PROCESSOR_MS = 1_000;

/** The longest that a worker can hang before it is killed. */
export const HEARTBEAT_LIMIT_MS = (HEARTBEATS_TO_MISS + 1) * HEARTBEAT_INTERVAL_MS;

// Starting many BMCs

/**
 * A worker that starts keeps one processor busy, and a fork blocks until the new process is scheduled. A hundred at a
 * time would all become ready only at the end, after some 10 s on two busy processors, and leave the control socket
 * unanswered until then. Four for each processor take hardly longer in all; the first of them answers after 0.4 s, and
 * half of them in half the time.
 */
export const STARTS_PER_PROCESSOR = 4;

/** A worker that takes longer to start does not hold up those behind it. */
export const START_TURN_MS = 5_000;

// Reloads

/**
 * How long BMCs that a reload has removed count for the next ones: an inventory that a full disk or a broken program cuts step by
 * step is seen as what it is. Longer than any program takes that writes it, shorter than an operator's next idea.
 */
export const REMOVALS_COUNT_MS = 600_000;

// Questions to a worker

/** `vbmc list` and `vbmc show` do not wait longer for a worker that does not answer. */
export const ANSWER_DEADLINE_MS = 1_000;

/** Longer than any call of virsh may take: a late power state still counts, for the history and the next question. */
export const POWER_READING_DEADLINE_MS = 30_000;

/** A reload does not wait longer for a worker to confirm its new users. */
export const USER_UPDATE_DEADLINE_MS = 5_000;

// systemd

/** BMCs that take longer to answer do not hold up the units that wait for vbmcd. */
export const READY_DEADLINE_MS = 60_000;

/** Of three signs of life in each watchdog period two may be late or lost. */
export const SIGNS_PER_WATCHDOG_PERIOD = 3;

/** systemd-notify takes some 4 ms; one that takes this long hangs. */
export const NOTIFY_DEADLINE_MS = 5_000;

/** A notice that systemd did not get is sent again: a tenth of the time from one sign of life to the next. */
export const NOTIFY_RETRY_MS = 1_000;

// Domain watch

/** A connection over ssh to a busy host takes seconds. */
export const WATCH_CONNECT_DEADLINE_MS = 30_000;

/** A libvirt that needs longer to list its domains waits for one of them. */
export const SNAPSHOT_DEADLINE_MS = 10_000;

/** A question about one domain takes some 20 ms, and over ssh to a busy host seconds. */
export const SINGLE_ANSWER_MS = 5_000;

/** Between two rounds of single questions while a snapshot would have to wait. */
export const SINGLE_ROUND_MS = 30_000;

/** A domain that has not answered in time is asked again after `SINGLE_ROUND_MS`, and each further time twice as late. */
export const MAXIMUM_SINGLE_BACK_OFF_MS = 300_000;

/** libvirtd has 20 workers by default. Each unanswered question keeps one of them. */
export const MAXIMUM_OWED_QUESTIONS = 4;

/**
 * So long a worker is believed that libvirt owes it an answer; the watch then asks for the domain itself. An honest worker has an
 * answer to most calls within a minute. What hangs longer costs one question and one snapshot more.
 */
export const WORKER_CLAIM_MS = 300_000;

/** An attempt to connect gets more time with each failure: each keeps a client of libvirtd, whether it is killed or not. */
export const MAXIMUM_CONNECT_DEADLINE_MS = 300_000;

/**
 * From the first snapshot to the second. The second finds what the stream may have missed while it subscribed, and the
 * domains that a libvirt that has just started did not find again: it reports no event for those.
 */
export const SNAPSHOT_VERIFY_MS = 2_000;

/** The longest time between two snapshots, whatever the event stream reports. */
export const SNAPSHOT_RESYNC_MS = 30_000;

/** An event is believed at once, and confirmed by a snapshot this much later. */
export const EVENT_CONFIRM_MS = 1_000;

/** Subscriptions that virsh asks for one after the other, each a round trip (`--all` of libvirt 9: 26). */
export const SUBSCRIPTION_ROUND_TRIPS = 64;

/** The least and the most time that a connected stream gets to subscribe, whatever its round trip was measured at. */
export const MINIMUM_SETTLING_MS = 100;
export const MAXIMUM_SETTLING_MS = 10_000;

/** A libvirtd that is back is noticed at most this much later; until then the workers ask it themselves. */
export const MAXIMUM_WATCH_BACK_OFF_MS = 15_000;

// A start that is owed

/**
 * A power cycle that was cut longer ago is told, and not finished: somebody may have worked on the domain by hand meanwhile, while
 * vbmcd was not there to see it. A restart of the host takes minutes.
 */
export const OWED_START_LIMIT_MS = 900_000;

/** A disk takes milliseconds. A client waits for its power cycle meanwhile, and a worker for vbmcd's answer, 5 s at most. */
export const OWED_START_WRITE_MS = 1_000;

/** How long libvirt may still carry out the `destroy` of a worker that has gone: 15 s, and the time to report it. */
export const CUT_DESTROY_MS = 30_000;

/** How soon what could not be stored in the state directory is written again. */
export const STATE_RETRY_MS = 5_000;

// Power restore

/** At most one write in this time, so that a domain that goes on and off all the time does not wear out the disk. */
export const POWER_STATE_WRITE_DELAY_MS = 1_000;

// Starting programs

/** An outage is over when a program starts and none has failed to for this long. */
export const START_OUTAGE_END_MS = 5_000;

// The run directory

/** How soon a socket or a lock that somebody has removed is made anew. */
export const RUN_DIRECTORY_LOOK_MS = 5_000;

/** After so many looks in a row that could not make it anew vbmcd ends, if systemd starts it with a new directory. */
export const LOOKS_UNTIL_LOST = 3;

// The channel of a worker. A worker that exceeds a limit is killed and restarted; an honest one cannot reach it.

/**
 * Sessions that open and close. A worker whose processor does nothing else reports 9,000 of these events a second
 * (docs/performance.md: 220 µs for each session, which makes two). The supervisor needs some 15 µs for each.
 */
export const channelSessionEvents = { perSecond: 20_000, burst: 20_000 } as const;

/**
 * Everything else that a worker sends unasked, where each event counts as one. It calls `virsh` one after the other, at most
 * some hundred times a second, and reports each call and each change; each stored policy waits for the disk and makes two
 * reports; events of unauthenticated clients are limited to five a second. The supervisor needs up to 100 µs for each.
 */
export const channelReports = { perSecond: 4_000, burst: 8_000 } as const;

/**
 * What a worker writes to its channel, standard output and standard error, in bytes. An event has some 130. A worker keeps at
 * most 1 MiB for a supervisor that did not read, so a burst of 8 MB contains that too.
 */
export const channelBytes = { perSecond: 4_000_000, burst: 8_000_000 } as const;

/**
 * What may wait for a worker that does not read, in bytes. The messages of ten seconds, after which it has missed its
 * heartbeats, are some hundred kilobytes.
 */
export const MOST_UNREAD_BYTES = 4_194_304;

// Failed logins over all BMCs

/** How often it is judged which sources guess at several BMCs, while any login fails. */
export const GUESSING_LOOK_INTERVAL_MS = 2_000;

// Bugs of vbmcd itself

/**
 * After a bug vbmcd continues, with perhaps one timer or one promise less. So many within the period (a few at once, or one in
 * twelve seconds) are no accident: it ends then, and whatever started it starts it afresh.
 */
export const TOLERATED_BUGS = 5;
export const TOLERATED_BUGS_PERIOD_MS = 60_000;
