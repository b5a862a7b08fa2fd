import { execFileSync } from 'node:child_process';
import { workerOptions } from '#supervisor/worker/worker-options.ts';

/** The value of `expression` in a process with a worker's options for this Node. */
function inWorker(expression: string): string {
  return execFileSync(process.execPath, [...workerOptions(process.versions.node), '-p', expression], {
    encoding: 'utf8',
  }).trim();
}

describe('the options of a worker', () => {
  it('are valid for this Node, and expose the garbage collector', () => {
    expect(inWorker('typeof gc')).toBe('function');
  });

  it('limit the young generation', () => {
    const fill = 'for (let n = 0, last; n < 1e6; n++) last = { n, last: n % 1_000 ? last : undefined }';
    const newSpace = `require('v8').getHeapSpaceStatistics().find((space) => space.space_name === 'new_space')`;
    expect(Number(inWorker(`${fill}; ${newSpace}.physical_space_size`))).toBeLessThanOrEqual(2 * 1024 * 1024);
  });

  it('forbid code from strings and __proto__', () => {
    const tried = `(() => { try { return new Function('return 1')() } catch (error) { return error.name } })()`;
    expect(inWorker(`${tried} + ' ' + ({}).__proto__`)).toBe('EvalError undefined');
  });

  it('compact on each full collection on Node 20 only', () => {
    const compacts = (version: string): boolean =>
      workerOptions(version).includes('--compact-on-every-full-gc');
    expect(['20.17.0', '20.20.2'].every(compacts)).toBe(true);
    expect(['22.23.3', '24.21.0', '26.10.0', '200.1.0'].some(compacts)).toBe(false);
  });
});
