import { LogBudgets } from '#supervisor/status/log-budgets.ts';
import type { Meter } from '#supervisor/status/meter.ts';
import type { Dependencies } from '#supervisor/worker/dependencies.ts';
import { scriptedWorkers, type ScriptedWorker } from './scripted-worker.ts';
import { VirtualClock } from './virtual-clock.ts';

/** Dependencies that are all fakes, and what a test reads from them. */
export interface TestDependencies {
  readonly dependencies: Dependencies;
  readonly clock: VirtualClock;
  /** In the order in which they were started. */
  readonly started: ScriptedWorker[];
  /** `LEVEL MESSAGE` */
  readonly logged: string[];
  /** What was counted: the method's name and its arguments. */
  readonly counted: string[];
}

export function testDependencies(overrides: Partial<Dependencies> = {}): TestDependencies {
  const clock = new VirtualClock();
  const { started, startWorker } = scriptedWorkers();
  const logged: string[] = [];
  const counted: string[] = [];
  const count =
    (name: string) =>
    (...values: unknown[]): void => {
      counted.push([name, ...values.map((value) => JSON.stringify(value))].join(' '));
    };
  const meter: Meter = {
    event: (bmc, event) => {
      count('event')(bmc, event.kind);
    },
    virshCall: count('virshCall'),
    counters: count('counters'),
    workerRestarted: count('workerRestarted'),
    channelViolation: count('channelViolation'),
    forget: count('forget'),
  };
  const dependencies: Dependencies = {
    clock,
    random: () => 0,
    startWorker,
    log: (level, message) => logged.push(`${level} ${message}`),
    logBudgets: new LogBudgets(),
    meter,
    memoryLimitBytes: () => undefined,
    residentBytes: () => undefined,
    processActivity: () => undefined,
    hasAddress: () => Promise.resolve(false),
    portOwner: () => Promise.resolve(undefined),
    ...overrides,
  };
  return { dependencies, clock, started, logged, counted };
}
