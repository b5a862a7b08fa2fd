import fc from 'fast-check';
import {
  ansibleNames,
  ironicNames,
  kubernetesNames,
  labels,
  nameHosts,
} from '#supervisor/export/host-names.ts';
import { sampleBmc } from '#support/supervisor/sample-bmc.ts';

function called(...names: string[]) {
  return names.map((name) => ({ ...sampleBmc, name }));
}

test('a name that follows the rule stays, without a note', () => {
  const { named, notes } = nameHosts(called('web.example.org', 'node_1~x'), ironicNames);
  expect(named.map(({ hostName }) => hostName)).toEqual(['web.example.org', 'node_1~x']);
  expect(notes).toEqual([]);
});

test('names that become equal get numbers', () => {
  const { named, notes } = nameHosts(called('a b', 'a-b', 'A_B', '%%%'), labels);
  expect(named.map(({ hostName }) => hostName)).toEqual(['a-b', 'a-b-2', 'a-b-3', 'bmc']);
  expect(notes.map(({ name }) => name)).toEqual(['a b', 'a-b', 'A_B', '%%%']);
});

const subdomain = /^[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)*$/;

test.each([
  ['Ironic', ironicNames, /^[A-Za-z0-9._~-]+$/],
  ['Kubernetes', kubernetesNames, subdomain],
  ['MAAS', labels, /^[a-z0-9]([a-z0-9-]*[a-z0-9])?$/],
  ['Ansible', ansibleNames, /^[A-Za-z0-9._-]+$/],
] as const)('%s accepts whatever comes out, each once', (_system, rule, accepted) => {
  const names = fc.uniqueArray(fc.string({ unit: fc.constantFrom('a', 'B', '1', '.', '-', '_', ' ', '~') }));
  fc.assert(
    fc.property(names, (given) => {
      const hostNames = nameHosts(called(...given), rule).named.map(({ hostName }) => hostName);
      expect(new Set(hostNames).size).toBe(given.length);
      for (const hostName of hostNames) expect(hostName).toMatch(accepted);
    }),
  );
});
