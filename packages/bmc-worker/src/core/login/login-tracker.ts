import { ByteReader } from '@vbmc/ipmi-codec';
import type { BmcEvent } from '../terms/bmc-event.ts';
import type { Effect } from '../terms/effects.ts';
import { limits } from '../terms/limits.ts';
import { LoginGuard } from './login-guard.ts';
import type { LoginOptions } from './login-options.ts';
import type { RandomBytes } from '../terms/random-bytes.ts';
import { remoteAddressText, type RemoteAddress } from '../terms/remote-address.ts';
import type { SessionTable } from '../session/session-table.ts';
import type { Session } from '../session/session.ts';
import { UnauthenticatedEvents } from '../admission/unauthenticated-events.ts';
import { UserDirectory } from '../session/user-directory.ts';

/** What logins by IPMI 1.5 and 2.0 share: the users, new session ids, and what happens after success and failure. */
export class LoginTracker {
  readonly users: UserDirectory;
  readonly guard: LoginGuard;
  readonly unauthenticatedEvents: UnauthenticatedEvents;
  readonly random: RandomBytes;
  readonly #table: SessionTable;
  readonly #emit: (effect: Effect) => void;

  constructor(options: LoginOptions, table: SessionTable) {
    this.users = new UserDirectory(options.users, options.privilegeLimit, options.random);
    this.guard = new LoginGuard(options.loginPolicy);
    this.unauthenticatedEvents = new UnauthenticatedEvents((event) => {
      this.#report(event);
    });
    this.random = options.random;
    this.#table = table;
    this.#emit = options.emit;
  }

  /** 4 bytes that no other session has, not 0 and unpredictable. */
  newSessionId(): number {
    for (;;) {
      const id = new ByteReader(this.random(4)).u32();
      if (id !== 0 && this.#table.get(id) === undefined) return id;
    }
  }

  /**
   * Counts a failed login against the source that opened the session. That source is not forged: the answer with the
   * session id went there.
   */
  failed(userName: Uint8Array, source: string, now: number): void {
    const lockedOut = this.guard.failed(userName, source, now);
    if (lockedOut === undefined) return;
    const { user, failures, remainingMs } = lockedOut;
    this.unauthenticatedEvents.report(
      { kind: 'loginLockedOut', source, user, failures, lockoutMs: remainingMs },
      now,
    );
  }

  /** Records the login of a session that the table has made active. */
  succeeded(session: Session, userName: Uint8Array, from: RemoteAddress, now: number): void {
    this.guard.succeeded(userName, session.source);
    session.markActive(this.#freeHandle(), now);
    this.#report({
      kind: 'sessionOpened',
      source: remoteAddressText(from),
      user: session.user?.displayName ?? '',
      ...(session.cipherSuiteId !== undefined && { cipherSuiteId: session.cipherSuiteId }),
      privilege: session.privilegeLimit,
    });
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
