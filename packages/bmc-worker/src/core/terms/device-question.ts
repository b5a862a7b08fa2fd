/**
 * What a command has to ask outside the core: of the supervisor, which keeps what outlives a worker, or of the host. The core emits
 * a question as an effect. The shell answers each, within its own deadline.
 */
import type { EventLogQuestions } from './event-log-questions.ts';
import type { LanFacts } from './lan-facts.ts';
import type { SensorFacts } from './sensor-facts.ts';
import type { UserChange } from './user-change.ts';
import type { WatchdogSetting, WatchdogState } from './watchdog.ts';

/** The client whose command it is. */
export interface ClientOrigin {
  readonly user: string;
  readonly source: string;
}

/** The chassis identify lamp: dark, on for good, or on for so many seconds. */
export type IdentifyLamp = 'off' | 'on' | { readonly seconds: number };

/** Who has asked for a change, for the log. */
export interface Asker {
  readonly user: string;
  readonly source: string;
}

/** Each kind of question, with what it says and what the answer to it says. One that begins with `read` changes nothing. */
export interface DeviceQuestions extends EventLogQuestions {
  /** The host's time, in seconds since 1970 UTC. */
  readonly readWallClock: { readonly asks: unknown; readonly tells: number };
  /** What the supervisor's domain watch knows for the sensors. */
  readonly readSensors: { readonly asks: unknown; readonly tells: SensorFacts };
  /** The network of the host, as far as it is this BMC's. */
  readonly readLan: { readonly asks: unknown; readonly tells: LanFacts };
  /** Switch the identify lamp. The supervisor keeps it, and shows it to operators. */
  readonly setIdentify: {
    readonly asks: { readonly lamp: IdentifyLamp; readonly by: Asker };
    readonly tells: undefined;
  };
  /** Change what a user id has. The supervisor stores it, and tells the users before it answers. */
  readonly changeUser: {
    /** `isOwn`: the user who asks has that user id. */
    readonly asks: {
      readonly slot: number;
      readonly change: UserChange;
      readonly isOwn: boolean;
    } & ClientOrigin;
    readonly tells: undefined;
  };
  readonly readWatchdog: { readonly asks: unknown; readonly tells: WatchdogState };
  readonly setWatchdog: { readonly asks: { readonly setting: WatchdogSetting }; readonly tells: undefined };
  /** Start the countdown, or start it over. `false`: the timer was never set. */
  readonly startWatchdog: { readonly asks: unknown; readonly tells: boolean };
}

export type DeviceQuestionKind = keyof DeviceQuestions;

export type DeviceQuestion<Kind extends DeviceQuestionKind = DeviceQuestionKind> = {
  [K in Kind]: { readonly kind: K } & DeviceQuestions[K]['asks'];
}[Kind];

/** `unanswered`: nobody has answered in time; what was asked for may still happen. `failed`: it has not been done. */
export type DeviceAnswer<Kind extends DeviceQuestionKind = DeviceQuestionKind> =
  | { readonly ok: true; readonly value: DeviceQuestions[Kind]['tells'] }
  | { readonly ok: false; readonly why: 'unanswered' | 'failed' };

/** Whether it may be asked again: nothing changes by it. */
export function isReading(question: DeviceQuestion): boolean {
  return question.kind.startsWith('read');
}
