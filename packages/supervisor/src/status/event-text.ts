/** Describes a worker's event in one line of the log. */
import type { BmcEvent, CloseCause, DomainFailureKind } from '@vbmc/bmc-worker/ipc';
import type { LogLevel } from '../log/log-level.ts';
import { printable } from '../text/printable.ts';
import { failureText, refusalText } from './event-words.ts';

export interface EventText {
  readonly level: LogLevel;
  readonly message: string;
}

/** User names and sources come from the network: they are escaped and stand apart from the text. */
export function describeEvent(event: BmcEvent): EventText {
  switch (event.kind) {
    case 'sessionOpened': {
      const { cipherSuiteId, privilege } = event;
      const protection = cipherSuiteId === undefined ? 'IPMI 1.5' : `cipher suite ${cipherSuiteId}`;
      const how = `${protection}, up to ${printable(privilege)}`;
      return { level: 'info', message: `session opened by ${who(event)} (${how})` };
    }
    case 'sessionClosed':
      return {
        level: endedByOthers.has(event.cause) ? 'info' : 'debug',
        message: `session of ${who(event)} ended: ${closeCauseText[event.cause]}`,
      };
    case 'sessionRefused': {
      // IPMI 1.5 has no answer to a wrong password.
      const status = event.status === undefined ? 'no answer' : `status ${hex(event.status)}`;
      return {
        level: 'warn',
        message: `session refused to ${who(event)}: ${printable(refusalText(event.reason))} (${status})`,
      };
    }
    case 'loginAbandoned':
      return {
        level: 'warn',
        message: `login given up by ${who(event)} before proving the password: ${abandonedFor(event)}${often(event)}`,
      };
    case 'loginLockedOut': {
      const seconds = Math.round(event.lockoutMs / 1000);
      const failures = `${event.failures} failed logins in a row`;
      const message =
        event.exempt === true
          ? `${failures} of ${who(event)}, who is not locked out: this user has lately logged in from there`
          : `${who(event)} is locked out for ${seconds} s after ${failures}`;
      return { level: 'warn', message: `${message}${often(event)}` };
    }
    case 'domainActionFinished': {
      const duration = `${(event.durationMs / 1000).toFixed(2)} s`;
      const late = event.late === true ? ', after the answer had timed out' : '';
      const shared = event.shared === true ? ', shared with another client' : '';
      // Without a user, the source names what made the BMC act.
      const actor = event.user === '' ? `(${printable(event.source)})` : `by ${who(event)}`;
      const subject = `${printable(event.description)} ${actor}`;
      if (event.failure === undefined)
        return { level: 'info', message: `${subject}: done in ${duration}${late}${shared}` };
      const cause = causeOf(event.failure);
      const level = nothingIsWrong.has(event.failure.kind) ? 'warn' : 'error';
      return { level, message: `${subject}: failed after ${duration}${late}${shared}: ${cause}` };
    }
    case 'changeRefused': {
      const subject = `${printable(event.description)} by ${who(event)}`;
      return {
        level: 'warn',
        message: `${subject}: refused (node busy), ${printable(event.underWay)} is under way`,
      };
    }
    case 'bmcReset': {
      const ended = `${event.endedSessions} sessions end, the domain stays as it is`;
      return { level: 'info', message: `BMC reset (${event.reset}) by ${who(event)}: ${ended}` };
    }
    case 'watchdogExpired': {
      const text = event.effect === 'nmi' ? 'is about to expire' : 'expired';
      return {
        level: 'warn',
        message: `watchdog timer (${event.use}) ${text}: ${watchdogText[event.effect]}`,
      };
    }
    case 'bootOverrideUpdateFailed':
      return {
        level: 'warn',
        message: `postponed: ${causeOf(event.failure)}`,
      };
    case 'changeNotProtected': {
      const actor = event.user === '' ? printable(event.source) : who(event);
      const what = `${printable(event.description)} by ${actor} is not stored: ${printable(event.reason, 500)}`;
      const risk = 'if vbmcd or the host ends before the domain is started again, it stays off';
      return { level: 'warn', message: `${what}; ${risk}` };
    }
    case 'domainUnreadable':
      return {
        level: 'warn',
        message: `the domain cannot be read: ${causeOf(event.failure)}`,
      };
    case 'reportsLost':
      return { level: 'warn', message: `${event.count} reports were lost while vbmcd did not read them` };
    default:
      return event satisfies never;
  }
}

const watchdogText: Readonly<Record<Extract<BmcEvent, { kind: 'watchdogExpired' }>['effect'], string>> = {
  none: 'no action',
  hardReset: 'power reset follows',
  powerDown: 'power off follows',
  powerCycle: 'power cycle follows',
  nmi: 'power diag follows',
};

/** Failures that tell of no fault: the client asked at the wrong moment, or something else came first. */
const nothingIsWrong: ReadonlySet<DomainFailureKind> = new Set([
  'calledOff',
  'invalidInPresentState',
  'domainCrashed',
]);

/** The event's fields for programs, one level deep. */
export function factsOf(event: BmcEvent): Readonly<Record<string, string | number | boolean>> {
  const facts: Record<string, string | number | boolean> = {};
  for (const [name, value] of Object.entries(event)) {
    if (name === 'kind') continue;
    if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean')
      facts[name] = value;
  }
  const failure = 'failure' in event ? event.failure : undefined;
  if (failure !== undefined) facts['failure'] = failure.kind;
  return facts;
}

/** Why a remote console most likely gave up after RAKP Message 2. */
export function abandonedFor({ unknownUser }: Extract<BmcEvent, { kind: 'loginAbandoned' }>): string {
  return unknownUser === true ? 'there is no such user' : 'a wrong password, most likely';
}

const closeCauseText: Readonly<Record<CloseCause, string>> = {
  closed: 'closed by the remote console',
  closedByAdministrator: 'closed by an administrator from another session',
  closedByOperator: 'closed with vbmc sessions --close',
  displaced: 'an administrator needed its place',
  timedOut: 'inactive for too long',
  userChanged: 'its user was removed or changed',
  bmcReset: 'the BMC was reset',
};

/** The client has not ended its session itself, and wonders why. */
const endedByOthers: ReadonlySet<CloseCause> = new Set([
  'closedByAdministrator',
  'closedByOperator',
  'displaced',
]);

function causeOf({ kind, message }: Extract<BmcEvent, { kind: 'domainUnreadable' }>['failure']): string {
  return `${failureText(kind)}: ${printable(message, 1000)}`;
}

function who(event: { readonly user: string; readonly source: string }): string {
  return `"${printable(event.user)}" from ${printable(event.source)}`;
}

/** Of an event that stands for several. */
function often({ times }: { readonly times?: number }): string {
  return times === undefined ? '' : `; ${times} times since the last such line`;
}

function hex(status: number): string {
  return `${status.toString(16).toUpperCase().padStart(2, '0')}h`;
}
