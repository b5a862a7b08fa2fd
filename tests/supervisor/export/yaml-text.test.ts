import fc from 'fast-check';
import { toYaml, Verbatim, type YamlValue } from '#supervisor/export/yaml-text.ts';
import { readYaml } from '#support/read-yaml.ts';

test('blocks, lists and texts', () => {
  const value = {
    nodes: [{ name: 'no', ports: [{ address: '1:2' }], empty: [], none: {}, on: true, count: 1 }],
  };
  expect(toYaml([value, 'end'])).toBe(`nodes:
- name: "no"
  ports:
  - address: "1:2"
  empty: []
  none: {}
  "on": true
  count: 1
---
"end"
`);
});

test('texts that Ansible must not read as a template', () => {
  expect(toYaml([{ password: new Verbatim('{{ x }}') }])).toBe('password: !unsafe "{{ x }}"\n');
});

const text = fc.string({ unit: 'binary' }).filter((value) => Buffer.from(value).toString() === value);
const { value: anything } = fc.letrec<{ value: YamlValue }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 4 },
    text,
    fc.integer(),
    fc.boolean(),
    text.map((value) => new Verbatim(value)),
    fc.array(tie('value')),
    fc.dictionary(
      text.filter((key) => key !== '__proto__'),
      tie('value'),
    ),
  ),
}));

test('another parser reads the same values', () => {
  fc.assert(
    fc.property(anything, (value) => {
      const [read] = readYaml(toYaml([value]));
      expect(read).toEqual(JSON.parse(JSON.stringify(value)));
    }),
  );
});
