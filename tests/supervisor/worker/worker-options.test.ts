import { execFileSync } from 'node:child_process';
import { workerOptions } from '#supervisor/worker/worker-options.ts';

/** What `expression` is in a process with the options of this Node. */
function inWorker(expression: string): string {
  return execFileSync(process.execPath, [...workerOptions(process.versions.node), '-p', expression], {
    encoding: 'utf8',
  }).trim();
}

describe('the options of a worker', () => {
  it('are known to this Node, and give it the collections that an idle worker asks for', () => {
    expect(inWorker('typeof gc')).toBe('function');
  });

  it('bound the young generation', () => {
    const fill = 'for (let n = 0, last; n < 1e6; n++) last = { n, last: n % 1_000 ? last : undefined }';
    const newSpace = `require('v8').getHeapSpaceStatistics().find((space) => space.space_name === 'new_space')`;
    expect(Number(inWorker(`${fill}; ${newSpace}.physical_space_size`))).toBeLessThanOrEqual(2 * 1024 * 1024);
  });

  it('forbid code from strings and __proto__', () => {
    const tried = `(() => { try { return new Function('return 1')() } catch (error) { return error.name } })()`;
    expect(inWorker(`${tried} + ' ' + ({}).__proto__`)).toBe('EvalError undefined');
  });

  it('keep to a version what only its V8 gains by', () => {
    const compacts = (version: string): boolean =>
      workerOptions(version).includes('--compact-on-every-full-gc');
    expect(['20.17.0', '20.20.2'].every(compacts)).toBe(true);
    expect(['22.23.3', '24.21.0', '26.10.0', '200.1.0'].some(compacts)).toBe(false);
  });
});
