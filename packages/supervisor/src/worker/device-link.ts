/** What one BMC's commands have set and the supervisor keeps, so that it outlives the worker; and what it tells them of the host. */
import type {
  BmcConfiguration,
  LanFacts,
  SensorFacts,
  SupervisorMessage,
  WorkerMessage,
} from '@vbmc/bmc-worker/ipc';
import type { Clock } from '../host/clock.ts';
import { Quota } from '../log/log-quota.ts';
import type { WorkerReports } from '../status/worker-reports.ts';
import { counted } from '../text/counted.ts';
import { IdentifyLamp } from './identify-lamp.ts';

type Message<Type> = Extract<WorkerMessage, { type: Type }>;

/** Of the lamp: a client may switch it on and off a thousand times a second. */
const LINES_PER_MINUTE = 10;
const MINUTE_MS = 60_000;

export interface DeviceLinkOptions {
  readonly clock: Clock;
  readonly reports: Pick<WorkerReports, 'log'>;
  readonly send: (message: SupervisorMessage) => void;
  readonly lanFacts: () => Promise<LanFacts>;
}

export class DeviceLink {
  readonly lamp: IdentifyLamp;
  readonly #options: DeviceLinkOptions;
  readonly #lampLines = new Quota(LINES_PER_MINUTE, MINUTE_MS);
  /** Counts the workers: each numbers its requests from 1. */
  #workers = 0;

  constructor(options: DeviceLinkOptions) {
    this.#options = options;
    this.lamp = new IdentifyLamp(options.clock);
  }

  /** The configuration for a new worker, completed by what its predecessor was told. */
  complete(configuration: BmcConfiguration): BmcConfiguration {
    const { remaining } = this.lamp;
    return { ...configuration, ...(remaining !== undefined && { identify: remaining }) };
  }

  workerGone(): void {
    this.#workers += 1;
  }

  /** Chassis Identify. */
  setIdentify({ requestId, lamp, seconds = 0, user, source }: Message<'identify'>): void {
    const before = this.lamp.state;
    this.lamp.set(lamp === 'timed' ? { seconds } : lamp);
    this.#options.send({ type: 'deviceAnswered', requestId });
    if (this.lamp.state !== before) this.#report(lamp, seconds, user, source);
  }

  /** LAN Configuration Parameters. */
  async readLan({ requestId }: Message<'readLan'>): Promise<void> {
    const worker = this.#workers;
    const lan = await this.#options.lanFacts();
    if (worker === this.#workers) this.#options.send({ type: 'deviceAnswered', requestId, lan });
  }

  #report(lamp: Message<'identify'>['lamp'], seconds: number, user: string, source: string): void {
    const { clock, reports } = this.#options;
    if (!this.#lampLines.take(clock.now()).granted) return;
    const what = lamp === 'timed' ? `on for ${counted(seconds, 'second')}` : lamp;
    const fields = {
      event: 'identifyLamp',
      lamp,
      user,
      source,
      ...(lamp === 'timed' && { seconds }),
    } as const;
    reports.log('info', `identify lamp ${what}, by "${user}" from ${source}`, fields);
  }

  /** Get Sensor Reading, and all that needs it. */
  tellSensors({ requestId }: Message<'readSensors'>, sensors: SensorFacts): void {
    this.#options.send({ type: 'deviceAnswered', requestId, sensors });
  }
}
