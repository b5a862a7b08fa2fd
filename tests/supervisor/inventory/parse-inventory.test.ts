import fc from 'fast-check';
import { formatDiagnostic } from '#supervisor/inventory/diagnostic.ts';
import type { BmcSettings, Inventory } from '#supervisor/inventory/inventory.ts';
import { parseInventory } from '#supervisor/inventory/parse-inventory.ts';
import { sectionKind } from '#supervisor/inventory/section-name.ts';
import { quoteValue } from '#supervisor/inventory/raw-value.ts';

function reports(inventory: Inventory): string[] {
  return inventory.diagnostics.map((diagnostic) => formatDiagnostic('domains.ini', diagnostic));
}

function valid(inventory: Inventory): BmcSettings[] {
  return inventory.entries.flatMap((entry) => (entry.valid ? [entry.settings] : []));
}

function invalidNames(inventory: Inventory): string[] {
  return inventory.entries.flatMap((entry) => (entry.valid ? [] : [entry.name]));
}

describe('parseInventory', () => {
  test('a section with a password only takes all defaults', () => {
    const inventory = parseInventory('[node-0]\npassword = geheim\n');
    expect(inventory.diagnostics).toEqual([]);
    const [bmc] = valid(inventory);
    expect(bmc).toMatchObject({
      name: 'node-0',
      domainName: 'node-0',
      address: '::',
      port: 623,
      users: [{ name: 'admin', privilege: 'administrator' }],
      connectionUri: 'qemu:///system',
      cipherSuites: [17, 3],
      ipmiV15: false,
      privilegeLimit: 'administrator',
      softShutdownMode: 'acpi',
      active: true,
    });
    expect(bmc?.users[0]?.password.reveal()).toBe('geheim');
  });

  test('[DEFAULT] anywhere in the file gives defaults to all sections, and a section overrides them', () => {
    const inventory = parseInventory(
      '[a]\nport=1\n[DEFAULT]\npassword=x\naddress=127.0.0.1\nusername=root\n[b]\nport=2\nusername=u\n',
    );
    expect(inventory.diagnostics).toEqual([]);
    expect(valid(inventory)).toMatchObject([
      { name: 'a', port: 1, address: '127.0.0.1', users: [{ name: 'root' }] },
      { name: 'b', port: 2, address: '127.0.0.1', users: [{ name: 'u' }] },
    ]);
  });

  test('every key, a byte order mark and Windows line ends', () => {
    const text = [
      '\uFEFF; comment',
      '# comment',
      '  [web.example.org]',
      'domain_name = web;1',
      'port = 6230',
      'address = 192.0.2.1',
      'username = op',
      'password = true',
      'libvirt_uri = qemu+tcp://h/system',
      'libvirt_sasl_username = s',
      'libvirt_sasl_password = p q',
      'active = Off',
    ].join('\r\n');
    const inventory = parseInventory(text);
    expect(reports(inventory)).toEqual([
      expect.stringMatching(/^domains\.ini:4: warning: \[web\.example\.org\] domain_name: /),
    ]);
    const [bmc] = valid(inventory);
    expect(bmc).toMatchObject({
      name: 'web.example.org',
      domainName: 'web;1',
      port: 6230,
      address: '192.0.2.1',
      users: [{ name: 'op', privilege: 'administrator' }],
      connectionUri: 'qemu+tcp://h/system',
      active: false,
    });
    expect(bmc?.users[0]?.password.reveal()).toBe('true');
    expect(bmc?.saslCredentials?.username).toBe('s');
    expect(bmc?.saslCredentials?.password.reveal()).toBe('p q');
  });

  test.each(['localhost', 'ipmi.utility', 'node-0.example.org.'])('address = %s', (name) => {
    expect(valid(parseInventory(`[a]\npassword=x\naddress=${name}\n`))[0]?.address).toBe(name);
  });

  test.each(['yes', 'true', 'on', '1', 'YES'])('active = %s', (word) => {
    expect(valid(parseInventory(`[a]\npassword=x\nactive=${word}\n`))[0]?.active).toBe(true);
  });

  test.each(['no', 'false', 'off', '0', 'No'])('active = %s', (word) => {
    expect(valid(parseInventory(`[a]\npassword=x\nactive=${word}\n`))[0]?.active).toBe(false);
  });

  // Each line becomes line 3 of [a], after its password in line 2.
  test.each([
    ['port = 70000', 'port: 70000 is not a UDP port (1-65535)'],
    ['port = 0', 'port: 0 is not a UDP port (1-65535)'],
    ['port = 623x', 'port: 623x is not a UDP port (1-65535)'],
    ['port = -1', 'port: -1 is not a UDP port (1-65535)'],
    ['port = 6.5', 'port: 6.5 is not a UDP port (1-65535)'],
    ['port =', 'port: nothing is not a UDP port (1-65535)'],
    ['address = 192.0.2.300', 'address: 192.0.2.300 is not an IPv4 or IPv6 address, nor a host name'],
    ['address = my_host', 'address: my_host is not an IPv4 or IPv6 address, nor a host name'],
    ['username = 12345678901234567', 'username: the user name has 17 bytes, but IPMI carries at most 16'],
    ['username = ""', 'username: the user name is empty'],
    ['domain_name =', 'domain_name: the domain name is empty'],
    ['libvirt_uri = not a uri', 'libvirt_uri: not a uri is not a libvirt URI'],
    ['libvirt_uri = -c', 'libvirt_uri: -c is not a libvirt URI'],
    ['active = maybe', 'active: maybe is neither yes nor no'],
    [
      'soft_shutdown_mode = nicely',
      'soft_shutdown_mode: nicely is not a way to ask a guest to shut down: write acpi, agent or both',
    ],
    ['libvirt_sasl_username = u', 'libvirt_sasl_username: SASL needs both keys: add libvirt_sasl_password'],
    ['libvirt_sasl_password = u', 'libvirt_sasl_password: SASL needs both keys: add libvirt_sasl_username'],
    [
      'username = a ; comment',
      'username: white space before ; or # could begin a comment: put the whole value in double quotes',
    ],
    ['password = y', 'password: the key is set twice (see line 2)'],
    ['adress = ::1', 'unknown key adress: did you mean address?'],
    ['libvirt-uri = x', 'unknown key libvirt-uri: did you mean libvirt_uri?'],
    ['Port = 1', 'unknown key Port: did you mean port?'],
    ['user = x', 'unknown key user: did you mean username?'],
    ['colour = red', 'unknown key colour: the keys are domain_name, port'],
    ['constructor = red', 'unknown key constructor: the keys are'],
    ['port 623', 'the line is neither [section] nor key = value'],
    ['port: 623', 'the line is neither [section] nor key = value'],
    ['= 623', 'the line is neither [section] nor key = value'],
    ['username = \uFFFD', 'the line is not UTF-8'],
  ])('%s', (line, message) => {
    const inventory = parseInventory(`[a]\npassword = x\n${line}\n[b]\npassword = x\nport = 9\n`);
    expect(reports(inventory)).toEqual([expect.stringContaining(`domains.ini:3: [a] ${message}`)]);
    expect(invalidNames(inventory)).toEqual(['a']);
    expect(valid(inventory)).toMatchObject([{ name: 'b' }]);
  });

  test.each([
    ['', 'a BMC needs a password: add password = ... or password_file = ... here or in [DEFAULT]', 1],
    ['password =', 'the password is empty', 2],
    ['password = 123456789012345678901', 'the password has 21 bytes, but IPMI 2.0 carries at most 20', 2],
    ['password = äöüäöüäöüäö', 'the password has 22 bytes', 2],
    ['password = a # b', 'white space before ; or # could begin a comment', 2],
    ['password = "a', 'the value begins with "', 2],
  ])('password: %j', (line, message, lineNumber) => {
    const inventory = parseInventory(`[a]\n${line}\n`);
    expect(reports(inventory)).toEqual([
      expect.stringContaining(`domains.ini:${lineNumber}: [a] password: ${message}`),
    ]);
    expect(invalidNames(inventory)).toEqual(['a']);
  });

  test('a misspelt password is one error, not two', () => {
    expect(reports(parseInventory('[a]\npasword = x\n'))).toEqual([
      'domains.ini:2: [a] unknown key pasword: did you mean password?',
    ]);
  });

  test('a duplicate section makes its BMC invalid, but no other', () => {
    const inventory = parseInventory('[a]\npassword=x\n[b]\npassword=x\nport=2\n[a]\npassword=y\n');
    expect(reports(inventory)).toEqual([
      'domains.ini:6: [a] the section appears twice (see line 1): rename one or merge them',
    ]);
    expect(invalidNames(inventory)).toEqual(['a']);
  });

  test('a bad default makes the sections that use it invalid, and is reported once', () => {
    const inventory = parseInventory('[DEFAULT]\npassword=x\nport=0\n[a]\n[b]\nport=2\n[c]\n');
    expect(reports(inventory)).toEqual(['domains.ini:3: [DEFAULT] port: 0 is not a UDP port (1-65535)']);
    expect(invalidNames(inventory)).toEqual(['a', 'c']);
    expect(valid(inventory)).toMatchObject([{ name: 'b', port: 2 }]);
  });

  test('a bad default that no section uses is reported too', () => {
    const inventory = parseInventory(
      '[DEFAULT]\nactive=x\n[DEFAULT]\nnonsense\n[b]\npassword=x\nactive=yes\n',
    );
    expect(reports(inventory)).toHaveLength(3);
    expect(valid(inventory)).toHaveLength(1);
  });

  test('a misspelt default makes the sections that would have used it invalid', () => {
    const inventory = parseInventory('[DEFAULT]\npassword=x\nadress=127.0.0.1\n[a]\n[b]\naddress=::1\n');
    expect(reports(inventory)).toEqual([
      'domains.ini:3: [DEFAULT] unknown key adress: did you mean address?',
    ]);
    expect(invalidNames(inventory)).toEqual(['a']);
  });

  test('lines before the first section belong to no BMC', () => {
    const inventory = parseInventory('port = 1\nnonsense\n[a]\npassword=x\n');
    expect(reports(inventory)).toEqual([
      'domains.ini:1: a key comes before the first section: write [NAME] or [DEFAULT] above it',
      'domains.ini:2: the line is neither [section] nor key = value: write key = value, or ; before a comment',
    ]);
    expect(valid(inventory)).toHaveLength(1);
  });

  test.each(['[b', '[b]x', '[]', '[ ]', '[__proto__]', '[b\u0007]'])(
    'the keys after a broken header %j do not belong to the section above',
    (header) => {
      const inventory = parseInventory(`[a]\npassword=x\n${header}\npassword=y\nport=7\n`);
      expect(valid(inventory)).toMatchObject([{ name: 'a', port: 623 }]);
      expect(inventory.entries).toHaveLength(2);
      expect(reports(inventory)).toEqual([expect.stringMatching(/^domains\.ini:3: /)]);
    },
  );

  test('a comment may follow a header', () => {
    expect(valid(parseInventory('[a] ; first\npassword=x\n'))).toMatchObject([{ name: 'a' }]);
  });

  test('all errors are reported at once, sorted by line', () => {
    const inventory = parseInventory('[a]\nport=x\nactive=x\n[b]\npassword=x\naddress=y_\n');
    expect(reports(inventory).map((report) => report.split(':')[1])).toEqual(['1', '2', '3', '6']);
  });

  test('no diagnostic of a bad password contains it', () => {
    const inventory = parseInventory(
      '[a]\npassword = hunter2hunter2hunter2 ; x\n[b]\npassword=hunter2hunter2hunter2\n',
    );
    expect(JSON.stringify(inventory)).not.toContain('hunter2');
  });

  test('every name and password is read exactly', () => {
    const password = fc
      .string({ unit: 'grapheme', minLength: 1, maxLength: 20 })
      .filter((text) => !/[\r\n\0\uFFFD]/.test(text) && Buffer.byteLength(text) <= 20);
    const name = fc
      .string({ unit: 'grapheme', minLength: 1 })
      .filter((text) => text === text.trim() && !/[\p{Cc}\uFFFD\]]/u.test(text))
      .filter((text) => sectionKind(text).kind === 'bmc')
      .filter((text) => !['', '__proto__'].includes(text));
    fc.assert(
      fc.property(
        fc.uniqueArray(fc.tuple(name, password), { selector: ([key]) => key, maxLength: 5 }),
        (bmcs) => {
          const text = bmcs
            .map(
              ([section, secret], index) =>
                `[${section}]\nport=${index + 1}\npassword=${quoteValue(secret)}\n`,
            )
            .join('');
          const inventory = parseInventory(text);
          expect(inventory.diagnostics).toEqual([]);
          expect(valid(inventory).map((bmc) => [bmc.name, bmc.users[0]?.password.reveal()])).toEqual(bmcs);
        },
      ),
      {
        examples: [
          [
            [
              ['a.b', 'a;b#c%d=e"f\'g h'],
              ['a\\.b', '\\"'],
              ['true', 'null'],
              ['"q"', "'"],
              ['a\u2028b', '\u2029 \u2028'],
            ],
          ],
        ],
      },
    );
  });

  test('any text is parsed without an exception, and each name appears once', () => {
    const line = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.constantFrom(
        '[a]',
        '[b]',
        '[DEFAULT]',
        '[a',
        'port=1',
        'port=x',
        'password=x',
        'passwd=x',
        '=',
        '[]',
      ),
    );
    fc.assert(
      fc.property(fc.array(line), (lines) => {
        const inventory = parseInventory(lines.join('\n'));
        const names = inventory.entries.map((entry) => (entry.valid ? entry.settings.name : entry.name));
        expect(new Set(names).size).toBe(names.length);
        for (const entry of inventory.entries) if (!entry.valid) expect(entry.errors).not.toEqual([]);
      }),
    );
  });
});
