import { lifecycleStates, type LifecycleState } from '#supervisor/status/lifecycle-state.ts';
import {
  stateDeadlinesMs,
  lifecycleInputs,
  step,
  type LifecycleInput,
} from '#supervisor/worker/worker-lifecycle.ts';

/** Every pair that does something; all others leave the state alone. */
const expected: Readonly<Record<string, string>> = {
  'stopped start': 'starting fork',
  'stopped addressUnknown': 'bindFailed awaitAddress',
  'starting stop': 'stopping askToStop',
  'starting workerReady': 'running',
  'starting workerBindFailed': 'bindFailing',
  'starting workerExited': 'backingOff scheduleRestart',
  'starting deadlinePassed': 'starting kill',
  'starting channelViolated': 'failing kill',
  'running stop': 'stopping askToStop',
  'running workerExited': 'backingOff scheduleRestart',
  'running heartbeatMissed': 'failing kill',
  'running memoryExceeded': 'failing askToStop',
  'running channelViolated': 'failing kill',
  'failing stop': 'stopping askToStop',
  'failing workerExited': 'backingOff scheduleRestart',
  'failing deadlinePassed': 'failing kill',
  'failing channelViolated': 'failing kill',
  'stopping skipGracePeriod': 'stopping kill',
  'stopping workerExited': 'stopped',
  'stopping deadlinePassed': 'stopping kill',
  'stopping channelViolated': 'stopping kill',
  'backingOff start': 'starting cancelRetry fork',
  'backingOff addressUnknown': 'bindFailed cancelRetry awaitAddress',
  'backingOff stop': 'stopped cancelRetry',
  'backingOff retryDue': 'starting fork',
  'bindFailing stop': 'stopping askToStop',
  'bindFailing workerExited': 'bindFailed scheduleBindRetry',
  'bindFailing deadlinePassed': 'bindFailing kill',
  'bindFailing channelViolated': 'bindFailing kill',
  'bindFailed start': 'starting cancelRetry fork',
  'bindFailed addressUnknown': 'bindFailed cancelRetry awaitAddress',
  'bindFailed stop': 'stopped cancelRetry',
  'bindFailed retryDue': 'starting fork',
};

const pairs = lifecycleStates.flatMap((state) => lifecycleInputs.map((input) => [state, input] as const));

test.each(pairs)('%s, %s', (state, input) => {
  const { next, actions } = step(state, input);
  expect([next, ...actions].join(' ')).toBe(expected[`${state} ${input}`] ?? state);
});

const hasProcess: readonly LifecycleState[] = ['starting', 'running', 'stopping', 'failing', 'bindFailing'];

test.each(pairs)('%s, %s: never two processes, none forgotten', (state, input) => {
  const { next, actions } = step(state, input);
  const before = hasProcess.includes(state) && input !== 'workerExited';
  const forked = actions.includes('fork');
  expect(before && forked).toBe(false);
  // An exit without a process cannot happen; every other pair keeps the count right.
  if (input !== 'workerExited' || hasProcess.includes(state)) {
    expect(hasProcess.includes(next)).toBe(before || forked);
  }
});

test.each(hasProcess.filter((state) => state !== 'running'))('%s cannot last for ever', (state) => {
  expect(stateDeadlinesMs[state]).toBeGreaterThan(0);
  expect(step(state, 'deadlinePassed').actions).toEqual(['kill']);
});

test.each(lifecycleStates)('from %s a stop leads to stopped', (from) => {
  const afterStop = step(from, 'stop').next;
  const inputs: LifecycleInput[] = ['deadlinePassed', 'workerExited'];
  expect(inputs.reduce<LifecycleState>((state, input) => step(state, input).next, afterStop)).toBe('stopped');
});
