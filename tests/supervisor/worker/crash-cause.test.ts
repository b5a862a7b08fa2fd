import { describeProcessEnd } from '#supervisor/worker/crash-cause.ts';

test('a signal', () => {
  expect(describeProcessEnd({ code: null, signal: 'SIGKILL' }, [])).toBe('worker ended by SIGKILL');
});

test('an uncaught error is found among the lines that Node prints around it', () => {
  const lines = [
    'file:///main.js:3',
    '  throw new X();',
    '  ^',
    'RangeError [ERR_X]: out of range',
    '    at f',
    'Node.js v20',
  ];
  expect(describeProcessEnd({ code: 1, signal: null }, lines)).toBe(
    'worker ended with exit code 1: RangeError [ERR_X]: out of range',
  );
});

test('V8 out of memory', () => {
  const lines = ['<--- Last few GCs --->', 'FATAL ERROR: Reached heap limit'];
  expect(describeProcessEnd({ code: null, signal: 'SIGABRT' }, lines)).toBe(
    'worker ended by SIGABRT: FATAL ERROR: Reached heap limit',
  );
});
