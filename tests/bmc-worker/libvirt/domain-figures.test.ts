import { parseDomainFigures } from '#worker/libvirt/domain-figures.ts';

/** `virsh -q -c qemu:///session domstats --state --raw` of libvirt 9.0.0 (Debian 12). */
const OUTPUT = `Domain: 'node-0'
  state.state=1
  state.reason=1

Domain: 'it's: odd'
  state.state=5
  state.reason=2

Domain: 'test driver'
  state.state=5
`;

test('the reason why a domain is off', () => {
  expect([...parseDomainFigures(OUTPUT)]).toEqual([
    ['node-0', {}],
    ["it's: odd", { offReason: 2 }],
    ['test driver', { offReason: 0 }],
  ]);
});

test('nothing of a name that is there twice, and of what is no number', () => {
  expect([...parseDomainFigures(`${OUTPUT}Domain: 'node-0'\n  state.state=5\n`).keys()]).toEqual([
    "it's: odd",
    'test driver',
  ]);
  const odd = "Domain: 'a'\n  state.state=5\n  state.reason=x\nDomain: b\n";
  expect([...parseDomainFigures(odd).values()]).toEqual([{ offReason: 0 }]);
});
