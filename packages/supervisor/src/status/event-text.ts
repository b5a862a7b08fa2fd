/** One line for an operator from what a worker reports. */
import type { BmcEvent } from '@vbmc/bmc-worker/ipc';
import type { LogLevel } from '../log/log-level.ts';
import { printable } from '../text/printable.ts';

export interface EventText {
  readonly level: LogLevel;
  readonly message: string;
}

/** User names and sources come from the network: they are printed escaped and never as part of a word. */
export function describeEvent(event: BmcEvent): EventText {
  switch (event.kind) {
    case 'sessionOpened': {
      const { cipherSuiteId, privilege } = event;
      const protection = cipherSuiteId === undefined ? 'IPMI 1.5' : `cipher suite ${cipherSuiteId}`;
      const how = `${protection}, up to ${printable(privilege)}`;
      return { level: 'info', message: `session opened by ${who(event)} (${how})` };
    }
    case 'sessionClosed':
      return { level: 'debug', message: `session of ${who(event)} ended: ${closeCauses[event.cause]}` };
    case 'sessionRefused': {
      // IPMI 1.5 has no answer to a wrong password.
      const status = event.status === undefined ? 'no answer' : `status ${hex(event.status)}`;
      return {
        level: 'warn',
        message: `session refused to ${who(event)}: ${printable(event.reason)} (${status})`,
      };
    }
    case 'loginAbandoned':
      return {
        level: 'warn',
        message: `login given up by ${who(event)} when the password was to be proved: ${abandonedFor(event)}`,
      };
    case 'loginLockedOut': {
      const seconds = Math.round(event.lockoutMs / 1000);
      return {
        level: 'warn',
        message: `${who(event)} is locked out for ${seconds} s after ${event.failures} failed logins in a row`,
      };
    }
    case 'domainActionFinished': {
      const duration = `${(event.durationMs / 1000).toFixed(2)} s`;
      const late = event.late === true ? ', after the answer had timed out' : '';
      // Nobody logged in asked for it: the source is what made the BMC do it.
      const actor = event.user === '' ? printable(event.source) : who(event);
      const subject = `${printable(event.description)} by ${actor}`;
      if (event.failure === undefined)
        return { level: 'info', message: `${subject}: done in ${duration}${late}` };
      const cause = `${event.failure.kind}: ${printable(event.failure.message, 1000)}`;
      return { level: 'error', message: `${subject}: failed after ${duration}${late}: ${cause}` };
    }
    case 'sideFailure':
      return {
        level: 'warn',
        message: `left undone for now: ${event.failure.kind}: ${printable(event.failure.message, 1000)}`,
      };
    case 'domainUnreadable':
      return {
        level: 'warn',
        message: `the domain cannot be read: ${event.failure.kind}: ${printable(event.failure.message, 1000)}`,
      };
  }
}

/** The same for machines: one level deep. */
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

/** Why a remote console most likely went away after RAKP Message 2. */
export function abandonedFor({ unknownUser }: Extract<BmcEvent, { kind: 'loginAbandoned' }>): string {
  return unknownUser === true ? 'there is no such user' : 'a wrong password, most likely';
}

const closeCauses = {
  closed: 'closed by the remote console',
  timedOut: 'inactive for too long',
  userChanged: 'its user was removed or changed',
} as const;

function who(event: { readonly user: string; readonly source: string }): string {
  return `"${printable(event.user)}" from ${printable(event.source)}`;
}

function hex(status: number): string {
  return `${status.toString(16).toUpperCase().padStart(2, '0')}h`;
}
