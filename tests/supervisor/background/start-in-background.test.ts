import { EventEmitter } from 'node:events';
import { outcomeOf, type LaunchedChild } from '#supervisor/background/start-in-background.ts';

/** A child whose events come in the order that the test says. */
function child(): { readonly launched: LaunchedChild; readonly emitter: EventEmitter } {
  const emitter = new EventEmitter();
  const launched = Object.assign(emitter, {
    pid: 7,
    connected: true,
    kill: () => true,
    disconnect: () => undefined,
    unref: () => undefined,
  }) as unknown as LaunchedChild;
  return { launched, emitter };
}

test('the reason of a refusal is told, though Node reports the end of the process first', async () => {
  const { launched, emitter } = child();
  const outcome = outcomeOf(launched, () => 'the log');
  emitter.emit('exit', 1, null);
  emitter.emit('message', { kind: 'refused', problem: 'another vbmcd is running' });
  emitter.emit('disconnect');
  expect(await outcome).toEqual({ pid: 7, kind: 'refused', problem: 'another vbmcd is running' });
});

test('an end without a word is told with the end of the log', async () => {
  const { launched, emitter } = child();
  const outcome = outcomeOf(launched, () => 'the log');
  emitter.emit('exit', null, 'SIGKILL');
  emitter.emit('disconnect');
  expect(await outcome).toEqual({ pid: 7, kind: 'ended', how: 'by SIGKILL', log: 'the log' });
});
