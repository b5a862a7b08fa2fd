/** What one BMC's commands have set and the supervisor keeps, so that it outlives the worker. */
import type { SensorFacts, SupervisorMessage, WorkerMessage } from '@vbmc/bmc-worker/ipc';
import type { Clock } from '../host/clock.ts';
import { IdentifyLamp } from './identify-lamp.ts';

type Message<Type> = Extract<WorkerMessage, { type: Type }>;

export class DeviceLink {
  readonly lamp: IdentifyLamp;
  readonly #send: (message: SupervisorMessage) => void;

  constructor(clock: Clock, send: (message: SupervisorMessage) => void) {
    this.lamp = new IdentifyLamp(clock);
    this.#send = send;
  }

  /** Chassis Identify. */
  setIdentify({ requestId, lamp, seconds }: Message<'identify'>): void {
    this.lamp.set(lamp === 'timed' ? { seconds: seconds ?? 0 } : lamp);
    this.#send({ type: 'deviceAnswered', requestId });
  }

  /** Get Sensor Reading, and all that needs it. */
  tellSensors({ requestId }: Message<'readSensors'>, sensors: SensorFacts): void {
    this.#send({ type: 'deviceAnswered', requestId, sensors });
  }
}
