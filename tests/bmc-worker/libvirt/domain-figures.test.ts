import { parseDomainFigures } from '#worker/libvirt/domain-figures.ts';

/** `virsh -q -c qemu:///session domstats --state --cpu-total --raw` of libvirt 9.0.0 (Debian 12). */
const OUTPUT = `Domain: 'node-0'
  state.state=1
  state.reason=1
  cpu.time=2346789000
  cpu.user=1320000000
  cpu.system=1020000000
  cpu.cache.monitor.count=0

Domain: 'it's: odd'
  state.state=5
  state.reason=2

Domain: 'test driver'
  state.state=5
`;

test('the processor time of a domain that is on, and the reason why one is off', () => {
  expect([...parseDomainFigures(OUTPUT)]).toEqual([
    ['node-0', { cpuTimeNs: 2_346_789_000 }],
    ["it's: odd", { offReason: 2 }],
    ['test driver', { offReason: 0 }],
  ]);
});

test('nothing of a name that is there twice, and of what is no number', () => {
  expect([...parseDomainFigures(`${OUTPUT}Domain: 'node-0'\n  state.state=5\n`).keys()]).toEqual([
    "it's: odd",
    'test driver',
  ]);
  expect([...parseDomainFigures("Domain: 'a'\n  cpu.time=x\n  cpu.time=-1\nDomain: b\n").values()]).toEqual([
    {},
  ]);
});
