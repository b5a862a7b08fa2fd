import { formatDiagnostic } from '#supervisor/inventory/diagnostic.ts';
import { parseInventory } from '#supervisor/inventory/parse-inventory.ts';
import type { SecretFile } from '#supervisor/inventory/secret-files.ts';

const files: Readonly<Record<string, SecretFile>> = {
  good: { ok: true, text: 'from a file' },
  long: { ok: true, text: 'x'.repeat(21) },
  open: {
    ok: true,
    text: 'x',
    warning: { message: 'open holds a secret and other users may read it', remedy: 'chmod 600 open' },
  },
  gone: { ok: false, problem: { message: 'there is no file gone', remedy: 'write it' } },
};
function readSecretFile(path: string): SecretFile {
  return files[path] ?? { ok: false, problem: { message: 'unheard of' } };
}

function reports(text: string, included: readonly { name: string; text: string }[] = []): string[] {
  return parseInventory(text, { included, readSecretFile }).diagnostics.map((diagnostic) =>
    formatDiagnostic('domains.ini', diagnostic),
  );
}

// One line of output for each mistake.
test.each([
  ['unknown keys', '[a]\npassword=x\nprot=1\n', ':3: [a] unknown key prot: did you mean port?'],
  [
    'unknown keys of a user',
    '[a user u]\npasword=x\nprivilege=user\n[a]\npassword=x\n',
    ':2: [a user u] unknown key pasword: did',
  ],
  ['unknown settings', '[vbmc]\nmetrics=1\n', ':2: [vbmc] unknown key metrics: did you mean metrics_listen?'],
  ['duplicate sections', '[a]\npassword=x\n[a]\n', ':3: [a] the section appears twice (see line 1): rename'],
  ['duplicate settings', '[vbmc]\n[vbmc]\n', ':2: [vbmc] the section appears twice'],
  [
    'duplicate users',
    '[a]\npassword=x\n[a user u]\npassword=x\nprivilege=user\n[a  user u]\n',
    ':6: [a  user u] the section appears twice',
  ],
  ['two BMCs on one port', '[DEFAULT]\npassword=x\n[a]\n[b]\n', ':4: [b] port: [::]:623 is taken by [a]'],
  [
    'a wildcard over an address',
    '[DEFAULT]\npassword=x\n[a]\naddress=192.0.2.1\n[b]\n',
    ':5: [b] port: [::]:623 is taken by [a] (192.0.2.1:623)',
  ],
  [
    'two BMCs for one domain',
    '[DEFAULT]\npassword=x\n[a]\n[b]\nport=2\ndomain_name=a\n',
    ':6: [b] domain_name: domain a on qemu:///system already has a BMC, [a]',
  ],
  ['port 70000', '[a]\npassword=x\nport=70000\n', ':3: [a] port: 70000 is not a UDP port (1-65535)'],
  ['port 0', '[a]\npassword=x\nport=0\n', ':3: [a] port: 0 is not a UDP port (1-65535)'],
  ['a port with a word', '[a]\npassword=x\nport=623 udp\n', ':3: [a] port: 623 udp is not a UDP port'],
  [
    'a value that a ; would cut',
    '[a]\npassword=a;b\n',
    ':2: warning: [a] password: ; and # are read as part of the value',
  ],
  [
    'a value that a # would cut',
    '[a]\npassword=a #b\n',
    ':2: [a] password: white space before ; or # could begin a comment',
  ],
  ['a long password', `[a]\npassword=${'x'.repeat(21)}\n`, ':2: [a] password: the password has 21 bytes'],
  [
    'a long password in a file',
    '[a]\npassword_file=long\n',
    ':2: [a] password_file: the password has 21 bytes',
  ],
  [
    'a long user name',
    `[a]\npassword=x\nusername=${'u'.repeat(17)}\n`,
    ':3: [a] username: the user name has 17 bytes',
  ],
  [
    'a long name of a further user',
    `[a]\n[a user ${'u'.repeat(17)}]\npassword=x\nprivilege=user\n`,
    `:2: [a user ${'u'.repeat(17)}] the user name has 17 bytes`,
  ],
  [
    'a secret file that is not there',
    '[a]\npassword_file=gone\n',
    ':2: [a] password_file: there is no file gone',
  ],
  ['a secret file without a path', '[a]\npassword_file=\n', ':2: [a] password_file: the path is empty'],
  [
    'a secret file readable by others',
    '[a]\npassword_file=open\n',
    ':2: warning: [a] password_file: open holds',
  ],
  [
    'both forms of a password',
    '[a]\npassword=x\npassword_file=good\n',
    ':3: [a] password_file: password is set as well (see line 2)',
  ],
  [
    'a user without a password',
    '[a]\n[a user u]\nprivilege=user\n',
    ':2: [a user u] password: a user needs a password',
  ],
  [
    'a user without a privilege',
    '[a]\n[a user u]\npassword=x\n',
    ':2: [a user u] privilege: a user needs a privilege',
  ],
  [
    'an unknown privilege',
    '[a]\n[a user u]\npassword=x\nprivilege=root\n',
    ':4: [a user u] privilege: root is not a privilege',
  ],
  ['a user of no BMC', '[a user u]\npassword=x\nprivilege=user\n', ':1: [a user u] there is no BMC [a]'],
  [
    'a user name that is taken',
    '[a]\npassword=x\n[a user admin]\npassword=x\nprivilege=user\n',
    ':1: [a] username: admin also has a section (see line 3)',
  ],
  [
    'a user name without its password',
    '[a]\nusername=root\n[a user u]\npassword=x\nprivilege=user\n',
    ':2: [a] username: this user has no password',
  ],
  ['K_g of 21 bytes', `[a]\npassword=x\nkg=${'k'.repeat(21)}\n`, ':3: [a] kg: the key has 21 bytes'],
  [
    'K_g of half a byte',
    '[a]\npassword=x\nkg=0x123\n',
    ':3: [a] kg: what follows 0x is not an even number of hex digits',
  ],
  ['K_g of zeros', '[a]\npassword=x\nkg=0x0000\n', ':3: [a] kg: an empty key, or one of zeros only'],
  [
    'a BMC named vbmc',
    '[vbmc]\nport=623\n',
    ':2: [vbmc] port is a key of a BMC, but [vbmc] holds the settings of vbmcd: give the BMC another name',
  ],
  [
    'an address without port',
    '[vbmc]\nmetrics_listen=127.0.0.1\n',
    ':2: [vbmc] metrics_listen: 127.0.0.1 is not ADDRESS:PORT',
  ],
  ['no group', '[vbmc]\nsocket_group=a b\n', ':2: [vbmc] socket_group: a b is not the name of a group'],
  [
    'too little memory',
    '[vbmc]\nmemory_limit_mb=1\n',
    ':2: [vbmc] memory_limit_mb: 1 is not a number of megabytes of at least 64',
  ],
])('%s', (_, text, report) => {
  expect(reports(text)).toEqual([expect.stringContaining(`domains.ini${report}`)]);
});

describe('include directory', () => {
  const included = (text: string, name = '/etc/vbmc/domains.d/a.ini') => [{ name, text }];

  test('findings name the file', () => {
    expect(reports('', included('[a]\npassword=x\nport=x\n'))).toEqual([
      '/etc/vbmc/domains.d/a.ini:3: [a] port: x is not a UDP port (1-65535)',
    ]);
  });

  test('the error of a section in two files names the other file', () => {
    const text = '[a]\npassword=x\n';
    expect(reports(text, included(text))).toEqual([
      '/etc/vbmc/domains.d/a.ini:1: [a] the section appears twice (see line 1 of the inventory): rename one or merge them',
    ]);
  });

  test('the settings of vbmcd are an error in an included file', () => {
    expect(reports('', included('[vbmc]\n'))).toEqual([
      expect.stringContaining('a.ini:1: [vbmc] the settings of vbmcd belong in the inventory itself'),
    ]);
  });

  test("the defaults of a file override the inventory's, and apply to that file only", () => {
    const { entries, diagnostics } = parseInventory(
      '[DEFAULT]\npassword=x\naddress=127.0.0.1\n[main]\nport=1\n',
      {
        included: [
          { name: '1.ini', text: '[DEFAULT]\nusername=one\n[a]\nport=2\n' },
          { name: '2.ini', text: '[b]\nport=3\n' },
        ],
      },
    );
    expect(diagnostics).toEqual([]);
    expect(entries).toMatchObject([
      { settings: { name: 'main', address: '127.0.0.1', users: [{ name: 'admin' }] } },
      { file: '1.ini', settings: { name: 'a', address: '127.0.0.1', users: [{ name: 'one' }] } },
      { file: '2.ini', settings: { name: 'b', address: '127.0.0.1', users: [{ name: 'admin' }] } },
    ]);
  });
});

describe('users and keys', () => {
  const settingsOf = (text: string) => {
    const inventory = parseInventory(text, { readSecretFile });
    expect(inventory.diagnostics).toEqual([]);
    const [entry] = inventory.entries;
    return entry?.valid === true ? entry.settings : undefined;
  };
  const usersOf = (text: string): unknown =>
    settingsOf(text)?.users.map(({ name, password, privilege }) => [name, password.reveal(), privilege]);

  test("the section's own user is an administrator; other users have the privilege that they state", () => {
    const text =
      '[a]\npassword=x\n[a user op]\npassword_file=good\nprivilege=Operator\n[a user two words]\npassword=z\nprivilege=callback\n';
    expect(usersOf(text)).toEqual([
      ['admin', 'x', 'administrator'],
      ['op', 'from a file', 'operator'],
      ['two words', 'z', 'callback'],
    ]);
  });

  test('a BMC with user sections needs no password', () => {
    expect(usersOf('[a user u]\npassword=y\nprivilege=user\n[a]\n')).toEqual([['u', 'y', 'user']]);
  });

  test("a section's password wins over a default password_file, and the reverse", () => {
    expect(usersOf('[DEFAULT]\npassword_file=good\n[a]\npassword=own\n')).toEqual([
      ['admin', 'own', 'administrator'],
    ]);
    expect(usersOf('[DEFAULT]\npassword=own\n[a]\npassword_file=good\n')).toEqual([
      ['admin', 'from a file', 'administrator'],
    ]);
  });

  test.each([
    ['kg = secret', '736563726574'.padEnd(40, '0')],
    ['kg = 0xA1b2', 'a1b2'.padEnd(40, '0')],
    ['kg_file = good', Buffer.from('from a file').toString('hex').padEnd(40, '0')],
    [`kg = 0x${'ff'.repeat(20)}`, 'ff'.repeat(20)],
  ])('%s', (line, hex) => {
    expect(settingsOf(`[a]\npassword=x\n${line}\n`)?.kg?.reveal()).toBe(hex);
  });

  test('an error of a user makes its BMC invalid, so that it does not start half configured', () => {
    const { entries } = parseInventory('[a]\npassword=x\n[a user u]\npassword=y\nprivilege=x\n');
    expect(entries).toMatchObject([{ valid: false, name: 'a', errors: [{ line: 5, section: 'a user u' }] }]);
  });
});

test('valid settings of vbmcd are read, and wrong ones are missing', () => {
  const { settings, diagnostics } = parseInventory(
    '[vbmc]\nmetrics_listen = [::1]:9623\nsocket_group = libvirt\nmemory_limit_mb = 128\n',
  );
  expect(diagnostics).toEqual([]);
  expect(settings).toEqual({
    metricsListen: { address: '::1', port: 9623 },
    socketGroup: 'libvirt',
    memoryLimitMb: 128,
  });
  expect(parseInventory('[vbmc]\nmetrics_listen=x\nsocket_group=1000\n').settings).toEqual({
    socketGroup: '1000',
  });
});
