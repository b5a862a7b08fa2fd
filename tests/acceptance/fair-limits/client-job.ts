/** What a process of clients (clients.ts) is told to do, and what it tells. Types only. */
import type { Attack, AttackReport } from '#support/hostile/attackers.ts';
import type { RemoteBmc } from '#support/clients/console-to.ts';
import type { UdpConsoleOptions } from '#support/console/udp-console.ts';

export type Account = Pick<UdpConsoleOptions, 'userName' | 'password' | 'privilegeLevel'>;

/** Logins that fail. */
export interface AttackJob {
  readonly kind: 'attack';
  readonly bmc: RemoteBmc;
  readonly how: Attack;
  readonly attempts: number;
  /** An attacker at each. */
  readonly addresses: readonly string[];
  /** The user names in turn; none: another one for each attempt. */
  readonly names: readonly string[];
}

/** Clients that open a session each, keep it, and try again each second where they get none. */
export interface HoldJob {
  readonly kind: 'hold';
  readonly bmc: RemoteBmc;
  readonly clients: number;
  /** In turn. */
  readonly addresses: readonly string[];
  readonly accounts: readonly Account[];
}

export interface HoldReport {
  /** How often which answer ended a login. */
  readonly logins: Readonly<Record<string, number>>;
}

/** Sessions one after the other by each of several clients: log in, close. */
export interface SessionsJob {
  readonly kind: 'sessions';
  readonly bmc: RemoteBmc;
  readonly sessions: number;
  readonly clients: number;
  /** In turn, with the accounts. */
  readonly addresses: readonly string[];
  readonly accounts: readonly Account[];
}

export interface SessionsReport {
  readonly completed: number;
  readonly seconds: number;
  readonly failures: Readonly<Record<string, number>>;
}

export type ClientJob = AttackJob | HoldJob | SessionsJob;

export type ReportOf<Job extends ClientJob> = Job extends AttackJob
  ? AttackReport
  : Job extends HoldJob
    ? HoldReport
    : SessionsReport;

export type ClientMessage =
  { readonly progress: string } | { readonly report: ReportOf<ClientJob> } | { readonly error: string };
