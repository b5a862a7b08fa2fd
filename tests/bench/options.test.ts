import { parseOptions, usage } from './options.ts';

const known = ['floor', 'status', 'sessions'];

test('without options: every scenario, no peers, a table', () => {
  expect(parseOptions([], known)).toEqual({
    kind: 'run',
    options: { scenarios: known, quick: false, json: false, ipmiSim: false },
  });
});

test('--only takes lists, may be repeated, and keeps the order of the scenarios', () => {
  const parsed = parseOptions(['--only', 'sessions,status', '--only', 'floor', '--quick', '--json'], known);
  expect(parsed).toMatchObject({ options: { scenarios: known, quick: true, json: true } });
  expect(parseOptions(['--only', 'sessions'], known)).toMatchObject({ options: { scenarios: ['sessions'] } });
});

test('--against: ipmi_sim by name, VirtualBMC by its directory', () => {
  expect(parseOptions(['--against', 'ipmi_sim', '--against', '/src/virtualbmc'], known)).toMatchObject({
    options: { ipmiSim: true, virtualBmcCheckout: '/src/virtualbmc' },
  });
});

test('--address', () => {
  expect(parseOptions(['--address', '::'], known)).toMatchObject({ options: { address: '::' } });
});

test.each([
  [['--only', 'nothing'], 'there is no scenario nothing; there are floor, status, sessions'],
  [['--against', 'a', '--against', 'b'], 'one checkout of VirtualBMC at a time'],
  [['--fast'], /Unknown option '--fast'/],
  [['status'], /Unexpected argument 'status'/],
])('%j is an error', (args, message) => {
  const parsed = parseOptions(args, known);
  expect(parsed).toEqual({
    kind: 'error',
    message: typeof message === 'string' ? message : (expect.stringMatching(message) as string),
  });
});

test('--help, and what it prints names every scenario', () => {
  expect(parseOptions(['--help'], known)).toEqual({ kind: 'help' });
  expect(usage([{ name: 'floor', about: 'the least' }])).toMatch(/^ {2}floor +the least$/m);
});
