import { readConfigFile } from '#supervisor/virtualbmc/config-file.ts';
import { problemText } from '#supervisor/text/problem.ts';
import { toSection } from '#supervisor/virtualbmc/to-section.ts';

/** Byte for byte what VirtualBMC's `_store_config` writes after `vbmc add` and `vbmc start`. */
function written(active: string, port = '6230'): string {
  return `[VirtualBMC]\nusername = admin\npassword = pass%%word;#\nport = ${port}\naddress = ::\ndomain_name = node-0\nlibvirt_uri = qemu:///system\nactive = ${active}\n\n`;
}

test("VirtualBMC's own file becomes a section", () => {
  expect(toSection('node-0', written('True'))).toEqual({
    ok: true,
    section: {
      name: 'node-0',
      keys: [
        ['port', '6230'],
        ['address', '::'],
        ['username', 'admin'],
        ['password', 'pass%word;#'],
        ['libvirt_uri', 'qemu:///system'],
        ['active', 'yes'],
      ],
    },
  });
});

test.each([
  ['True', 'yes'],
  ['true', 'yes'],
  ['False', 'no'],
  ['yes', 'no'],
  ['', 'no'],
])('active = %s is %s, as VirtualBMC reads it', (active, ours) => {
  const imported = toSection('node-0', written(active));
  expect(imported.ok && imported.section.keys.at(-1)).toEqual(['active', ours]);
});

test.each([
  ['+623', '623'],
  ['6_230', '6230'],
  ['00623', '623'],
])('port = %s is %s, as Python reads it', (port, ours) => {
  const imported = toSection('node-0', written('True', port));
  expect(imported.ok && imported.section.keys[0]).toEqual(['port', ours]);
});

test.each([
  ['no port', '[VirtualBMC]\nactive = True\n', 'port is missing'],
  ['a word for a port', '[VirtualBMC]\nport = x\n', 'port is missing or not a number'],
  ['another section', '[Other]\nport = 1\n', 'there is no section [VirtualBMC]'],
  ['a lone %', '[VirtualBMC]\nport = 1\npassword = 100%\n', 'write %% for it'],
  [
    'values that refer to each other',
    '[VirtualBMC]\nport=1\naddress = %(username)s\nusername = %(address)s\n',
    '%',
  ],
  ['a key twice', '[VirtualBMC]\nport=1\nport=2\n', 'line 3: port is set twice'],
  ['a line without a value', '[VirtualBMC]\nport\n', 'line 2 is neither'],
  ['a value of several lines', '[VirtualBMC]\nport = 1\npassword = a\n\tb\n', 'several lines'],
])('%s is an error', (_, text, error) => {
  const imported = toSection('node-0', text);
  expect(!imported.ok && problemText(imported.problem)).toContain(error);
});

test('ConfigParser: lower case, colons, comments, defaults and references', () => {
  const text = '[DEFAULT]\nPort: 1\n; note\n[VirtualBMC]\n# note\nUserName = %(PORT)s-%%\npassword = a ; b\n';
  const config = readConfigFile(text);
  expect(config.ok && Object.fromEntries(config.values)).toEqual({
    port: '1',
    username: '1-%',
    password: 'a ; b',
  });
});
