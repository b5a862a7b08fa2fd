import { renderConfig, withActive } from '#supervisor/editing/edit-virtualbmc-config.ts';
import { readBmcConfig } from '#supervisor/virtualbmc/bmc-config.ts';

test("what is written reads the same, by ConfigParser's rules", () => {
  const keys = [
    ['username', 'admin'],
    ['password', '100%; #"(x)s'],
    ['port', '6230'],
    ['domain_name', 'a b'],
  ] as const;
  const text = renderConfig([...keys, ['active', 'False']]) ?? '';
  expect(text).toContain('password = 100%%; #"(x)s\n');
  const read = readBmcConfig(text);
  expect(read.errors).toEqual([]);
  expect(read.keys.map(({ key, value }) => [key, value])).toEqual(
    expect.arrayContaining([...keys.map((key) => [...key]), ['active', 'no']]),
  );
});

test.each([' x', 'x ', 'a\nb', '\tx'])('%j cannot be written', (value) => {
  expect(renderConfig([['password', value]])).toBeUndefined();
});

test.each([
  ['[VirtualBMC]\nactive = False\nport = 1\n', '[VirtualBMC]\nactive = True\nport = 1\n'],
  ['; mine\r\n[VirtualBMC]\r\nPort: 1\r\nACTIVE: no', '; mine\r\n[VirtualBMC]\r\nPort: 1\r\nactive = True'],
  ['[VirtualBMC]\nport = 1\n', '[VirtualBMC]\nactive = True\nport = 1\n'],
  ['[VirtualBMC]', '[VirtualBMC]\nactive = True'],
  [
    '[DEFAULT]\nactive = False\n[VirtualBMC]\nport = 1\n',
    '[DEFAULT]\nactive = False\n[VirtualBMC]\nactive = True\nport = 1\n',
  ],
  ['[VirtualBMC]\n  port = 1\n', '[VirtualBMC]\n  active = True\n  port = 1\n'],
  ['[VirtualBMC]\n  active = False\n  port = 1\n', '[VirtualBMC]\n  active = True\n  port = 1\n'],
])('%j becomes active', (text, expected) => {
  const edited = withActive(text, true);
  expect(edited).toBe(expected);
  expect(readBmcConfig(edited ?? '').keys).toContainEqual(
    expect.objectContaining({ key: 'active', value: 'yes' }),
  );
});

test.each(['', 'nonsense', '[Other]\nport = 1\n', '[VirtualBMC]\nactive = True\n  False\n'])(
  '%j is not edited',
  (text) => {
    expect(withActive(text, true)).toBeUndefined();
  },
);
