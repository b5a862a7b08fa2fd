/** Counts the programs that could not be started, and tells of each outage once. */
import type { ReportStart } from '@vbmc/bmc-worker/libvirt';
import type { Clock } from '../host/clock.ts';
import type { Log } from '../log/log.ts';
import { START_OUTAGE_END_MS } from './supervision-times.ts';

export type StartedProgram = 'virsh' | 'worker' | 'systemd-notify';

export class ProgramStarts {
  readonly #clock: Clock;
  readonly #log: Log;
  readonly #failures = new Map<StartedProgram, number>();
  /** Failures of the present outage; 0: there is none. */
  #inOutage = 0;
  #lastFailureAtMs = 0;

  constructor(clock: Clock, log: Log) {
    this.#clock = clock;
    this.#log = log;
  }

  /** Since the start of vbmcd. */
  get failures(): ReadonlyMap<StartedProgram, number> {
    return this.#failures;
  }

  /** Returns the function that takes the outcome of each attempt to start this program. */
  reporter(program: StartedProgram): ReportStart {
    this.#failures.set(program, 0);
    return (code) => {
      if (code === undefined) this.#succeeded();
      else this.#failed(program, code);
    };
  }

  #failed(program: StartedProgram, code: string): void {
    this.#failures.set(program, (this.#failures.get(program) ?? 0) + 1);
    this.#inOutage += 1;
    this.#lastFailureAtMs = this.#clock.now();
    if (this.#inOutage > 1) return;
    this.#log('error', `${program} could not be started: ${code}; vbmcd keeps trying`, {
      event: 'programNotStarted',
      program,
      code,
    });
  }

  /** During a shortage some starts succeed, so that one success does not end the outage. */
  #succeeded(): void {
    if (this.#inOutage === 0 || this.#clock.now() - this.#lastFailureAtMs < START_OUTAGE_END_MS) return;
    const failures = this.#inOutage;
    this.#inOutage = 0;
    this.#log('info', `programs can be started again, after ${failures} failed attempts`, {
      event: 'programsStart',
      failures,
    });
  }
}
