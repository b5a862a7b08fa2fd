import { Progress } from '#supervisor/cli/progress.ts';

function follow(isTerminal: boolean, timesMs: readonly number[]): string[] {
  const written: string[] = [];
  let nowMs = 0;
  const surroundings = { write: (text: string) => written.push(text), isTerminal, now: () => nowMs };
  const progress = new Progress('asking', timesMs.length, surroundings);
  for (const timeMs of timesMs) {
    nowMs = timeMs;
    progress.step();
  }
  progress.end();
  return written;
}

test.each([true, false])('a task of less than a second prints nothing (terminal: %s)', (isTerminal) => {
  expect(follow(isTerminal, [10, 999])).toEqual([]);
});

test('on a terminal one line is rewritten, and cleared at the end', () => {
  expect(follow(true, [500, 1000, 1100])).toEqual([
    '\r\u001b[Kvbmc: asking: 2 of 3',
    '\r\u001b[Kvbmc: asking: 3 of 3',
    '\r\u001b[K',
  ]);
});

test('elsewhere there are a few lines', () => {
  expect(follow(false, [1000, 1100, 5999, 6000, 6001])).toEqual([
    'vbmc: asking: 1 of 5\n',
    'vbmc: asking: 4 of 5\n',
  ]);
});
