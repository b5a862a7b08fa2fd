/** The messages to and from the load client, over Node's IPC channel. Types only. */
import type { CipherSuiteId } from '@vbmc/ipmi-codec';
import type { RemoteBmc } from '#support/clients/console-to.ts';
import type { Distribution } from '../measure/distribution.ts';

/** Get Chassis Status repeatedly in sessions that are open already. Each request waits for the answer to the one before. */
export interface RequestsJob {
  readonly kind: 'requests';
  readonly targets: readonly RemoteBmc[];
  readonly sessionsPerTarget: number;
  readonly cipherSuiteId: CipherSuiteId;
  readonly seconds: number;
  /** The expected answer. Absent: every answer is right. */
  readonly powerOn?: boolean;
  /** The pause after each answer; 0: as fast as possible. */
  readonly pauseMs: number;
}

/** Whole sessions, one after another: capabilities, handshake, privilege, chassis status, close. */
export interface SessionsJob {
  readonly kind: 'sessions';
  readonly targets: readonly RemoteBmc[];
  readonly clients: number;
  readonly cipherSuiteId: CipherSuiteId;
  /** By time, or so many sessions in all, which go round the targets. */
  readonly until: { readonly seconds: number } | { readonly sessions: number };
  /** Each client keeps its source port, as clients behind a firewall do; otherwise the system gives a new one. */
  readonly keepPorts: boolean;
}

/** Get Channel Authentication Capabilities to each target until it answers. */
export interface ProbeJob {
  readonly kind: 'probe';
  readonly targets: readonly RemoteBmc[];
  readonly intervalMs: number;
  readonly timeoutMs: number;
}

/** The bytes of a request to a server that returns them: what UDP costs without IPMI. */
export interface EchoJob {
  readonly kind: 'echo';
  readonly port: number;
  readonly clients: number;
  readonly seconds: number;
}

export type LoadJob = RequestsJob | SessionsJob | ProbeJob | EchoJob;

/** Requests or sessions. */
export interface LoadResult {
  readonly completed: number;
  readonly seconds: number;
  readonly durationMs: Distribution;
  /** By target, in their order, where there are several. */
  readonly durationMsByTarget: readonly Distribution[];
  /** How many failed, by cause. */
  readonly failures: Readonly<Record<string, number>>;
  /** Datagrams sent again because no answer came within a second. */
  readonly retransmissions: number;
  /** Processor time that the client itself has used meanwhile: when it comes near `seconds`, it was the bottleneck. */
  readonly clientProcessorSeconds: number;
  /** Requests before the measurement, to warm up. */
  readonly rehearsed: number;
}

export interface ProbeResult {
  /** When the first answer came, in milliseconds since the epoch; null when none did. By target. */
  readonly answeredAtMs: readonly (number | null)[];
}

export type LoadReply =
  | { readonly kind: 'ready' }
  | { readonly kind: 'load'; readonly result: LoadResult }
  | { readonly kind: 'probe'; readonly result: ProbeResult }
  | { readonly kind: 'error'; readonly message: string };
