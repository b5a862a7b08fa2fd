import { ByteReader } from '@vbmc/ipmi-codec';
import type { BmcEvent, CloseCause } from '../terms/bmc-event.ts';
import type { Effect } from '../terms/effects.ts';
import { limits } from '../terms/limits.ts';
import type { RandomBytes } from '../terms/random-bytes.ts';
import { remoteAddressText, type RemoteAddress } from '../terms/remote-address.ts';
import type { Origin } from '../terms/source.ts';

import { UserDirectory, type Claim } from '../session/user-directory.ts';
import type { SessionTable } from '../session/session-table.ts';
import type { Session } from '../session/session.ts';
import { UnauthenticatedEvents } from '../admission/unauthenticated-events.ts';
import { FailureTally } from './failure-tally.ts';
import { FoldedEvents } from './folded-events.ts';
import { LoginGuard } from './login-guard.ts';
import type { LoginOptions } from './login-options.ts';

/** What logins by IPMI 1.5 and 2.0 share: the users, new session ids, and what happens after success and failure. */
export class LoginTracker {
  readonly users: UserDirectory;
  readonly guard: LoginGuard;
  readonly unauthenticatedEvents: UnauthenticatedEvents;
  readonly random: RandomBytes;
  readonly #table: SessionTable;
  readonly #emit: (effect: Effect) => void;
  readonly #guesserEvents: FoldedEvents;
  readonly #tally = new FailureTally();

  constructor(options: LoginOptions, table: SessionTable) {
    const report = (event: BmcEvent): void => {
      this.#report(event);
    };
    this.users = new UserDirectory(options, options.privilegeLimit, options.random);
    this.guard = new LoginGuard(options.loginPolicy);
    this.unauthenticatedEvents = new UnauthenticatedEvents(report);
    this.#guesserEvents = new FoldedEvents(report);
    this.random = options.random;
    this.#table = table;
    this.#emit = options.emit;
  }

  /** Whether nothing waits to be reported. */
  get isIdle(): boolean {
    return this.#guesserEvents.isEmpty && this.#tally.isEmpty;
  }

  /** 4 bytes that no other session has, not 0 and unpredictable. */
  newSessionId(): number {
    for (;;) {
      const id = new ByteReader(this.random(4)).u32();
      if (id !== 0 && this.#table.get(id) === undefined) return id;
    }
  }

  /**
   * Counts a failed login against the client that opened the session. Its address is not forged: the answer with the session id
   * went there.
   */
  failed(userName: Uint8Array, origin: Origin, now: number): void {
    this.#tally.add(origin.source);
    const lockedOut = this.guard.failed(userName, origin, now);
    if (lockedOut === undefined) return;
    const { remainingMs: lockoutMs, source, ...rest } = lockedOut;
    this.unauthenticatedEvents.lockouts += 1;
    this.#guesserEvents.report({ kind: 'loginLockedOut', source, lockoutMs, ...rest }, source, now);
  }

  /** Reports that a remote console was sent a hash of the password in RAKP Message 2 and has not proved to know the password. */
  tookHash(claim: Claim | undefined, { source }: Origin, from: RemoteAddress, now: number): void {
    const user = claim?.user.displayName ?? '';
    const unknownUser = claim?.verdict === 'unknownUser';
    this.#guesserEvents.report(
      { kind: 'loginAbandoned', source: remoteAddressText(from), user, ...(unknownUser && { unknownUser }) },
      source,
      now,
    );
  }

  /** Records the login of a session that the table has made active. */
  succeeded(session: Session, userName: Uint8Array, from: RemoteAddress, now: number): void {
    this.guard.succeeded(userName, session.origin, now);
    session.markActive(this.#freeHandle(), now);
    this.#report({
      kind: 'sessionOpened',
      source: remoteAddressText(from),
      user: session.user?.displayName ?? '',
      ...(session.cipherSuiteId !== undefined && { cipherSuiteId: session.cipherSuiteId }),
      privilege: session.privilegeLimit,
    });
  }

  /** Ends a session; a handshake that was not completed is not reported as the end of a session. */
  end(session: Session, cause: CloseCause): void {
    this.#table.remove(session);
    this.reportEnd(session, cause);
  }

  /** The same for a session that has left the table. */
  reportEnd({ phase, lastSource, user }: Session, cause: CloseCause): void {
    if (phase !== 'active') return;
    const actor = { source: remoteAddressText(lastSource), user: user?.displayName ?? '' };
    this.#report({ kind: 'sessionClosed', ...actor, cause });
  }

  /** Reports what is due. */
  expire(now: number): void {
    this.#guesserEvents.expire(now);
    const failures = this.#tally.take(now);
    if (failures !== undefined) this.#emit({ kind: 'loginFailures', failures });
  }

  /** Reports all that waits, because the BMC stops. */
  flush(now: number): void {
    this.#guesserEvents.flush(now);
  }

  #freeHandle(): number {
    const taken = new Set(this.#table.all().map(({ handle }) => handle));
    let handle = 1;
    while (taken.has(handle) && handle <= limits.sessions) handle += 1;
    return handle;
  }

  #report(event: BmcEvent): void {
    this.#emit({ kind: 'event', event });
  }
}
