import { importedSection } from '#supervisor/editing/imported-section.ts';
import { problemText } from '#supervisor/text/problem.ts';

/** Byte for byte what VirtualBMC's `_store_config` writes after `vbmc add` and `vbmc start`. */
function written(active: string, port = '6230'): string {
  return `[VirtualBMC]\nusername = admin\npassword = pass%%word;#\nport = ${port}\naddress = ::\ndomain_name = node-0\nlibvirt_uri = qemu:///system\nactive = ${active}\n\n`;
}

test("VirtualBMC's own file becomes a section", () => {
  expect(importedSection('node-0', written('True'))).toEqual({
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
  const imported = importedSection('node-0', written(active));
  expect(imported.ok && imported.section.keys.at(-1)).toEqual(['active', ours]);
});

test.each([
  ['+623', '623'],
  ['6_230', '6230'],
  ['00623', '623'],
])('port = %s is %s, as Python reads it', (port, ours) => {
  const imported = importedSection('node-0', written('True', port));
  expect(imported.ok && imported.section.keys[0]).toEqual(['port', ours]);
});

test.each([
  ['no port', '[VirtualBMC]\nactive = True\n', 'it is missing'],
  ['a word for a port', '[VirtualBMC]\nport = x\n', 'it is not a number'],
  ['another section', '[Other]\nport = 1\n', 'there is no section [VirtualBMC]'],
  ['a lone %', '[VirtualBMC]\nport = 1\npassword = 100%\n', 'write %% for it'],
  [
    'values that refer to each other',
    '[VirtualBMC]\nport=1\naddress = %(username)s\nusername = %(address)s\n',
    '%',
  ],
  ['a key twice', '[VirtualBMC]\nport=1\nport=2\n', 'port is set twice'],
  ['a line without a value', '[VirtualBMC]\nport\n', 'the line is neither'],
  ['a value of several lines', '[VirtualBMC]\nport = 1\npassword = a\n\tb\n', 'several lines'],
])('%s is an error', (_, text, error) => {
  const imported = importedSection('node-0', text);
  expect(!imported.ok && problemText(imported.problem)).toContain(error);
});

test('a file without a password gets none: VirtualBMC lets nobody in there', () => {
  const imported = importedSection('a', '[VirtualBMC]\nport = 1\n');
  expect(imported.ok && imported.section.keys.map(([key]) => key)).toEqual([
    ...['port', 'address', 'username', 'libvirt_uri', 'active'],
  ]);
});

test.each([
  ['db user 1', 'db-user-1'],
  ['vm[1]', 'vm-1-'],
  ['vbmc', 'vbmc-bmc'],
])('%s becomes the section %s, and the domain keeps its name', (name, section) => {
  const text = `[VirtualBMC]\nport = 1\ndomain_name = ${name}\n`;
  const imported = importedSection(name, text);
  expect(imported.ok && [imported.section.name, imported.section.keys[0]]).toEqual([
    section,
    ['domain_name', name],
  ]);
  const other = importedSection(name, text, { taken: new Set([section]) });
  expect(other.ok && other.section.name).toBe(`${section}-2`);
});

test.each([
  ['qemu+ext:///system?command=/x', false],
  ['qemu:///embed?root=/x', false],
  ['qemu:///embed?root=/x', true],
  ['test:///x.xml', true],
])('%s is not imported (from a file of another user: %s)', (uri, isForeign) => {
  const text = `[VirtualBMC]\nport = 1\nlibvirt_uri = ${uri}\n`;
  const imported = importedSection('a', text, { isForeign });
  expect(!imported.ok && problemText(imported.problem)).toContain('add the BMC with vbmc add');
});

test('a connection that only a file of another user must not have is imported from an own one', () => {
  const text = '[VirtualBMC]\nport = 1\nlibvirt_uri = xen:///system\n';
  expect(importedSection('a', text).ok).toBe(true);
  expect(importedSection('a', text, { isForeign: true }).ok).toBe(false);
});
