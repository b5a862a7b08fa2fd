import { formatDiagnostic } from '#supervisor/inventory/diagnostic.ts';
import { readNetworks } from '#supervisor/inventory/networks.ts';
import { parseInventory } from '#supervisor/inventory/parse-inventory.ts';
import { problemText } from '#supervisor/text/problem.ts';

test.each([
  ['192.168.24.0/24, fd00::/8', ['192.168.24.0/24', 'fd00::/8']],
  [' 192.0.2.7\t2001:db8::7 ', ['192.0.2.7', '2001:db8::7']],
  ['0.0.0.0/0,::/0', ['0.0.0.0/0', '::/0']],
  ['192.168.24.7/24', ['192.168.24.7/24']],
])('%j', (text, networks) => {
  expect(readNetworks(text)).toEqual(networks);
});

const FORMAT = 'is not a network: write ADDRESS/BITS, for example 192.168.24.0/24 or fd00::/8, or an address';
test.each([
  ['', 'there is no network: write for example 192.168.24.0/24, or remove the key to allow every address'],
  [' , ', 'there is no network'],
  ['any', `any ${FORMAT}`],
  ['192.168.24', `192.168.24 ${FORMAT}`],
  ['192.168.24.0/24/1', `192.168.24.0/24/1 ${FORMAT}`],
  ['host.example.org', `host.example.org ${FORMAT}`],
  ['fe80::1%eth0', `fe80::1%eth0 ${FORMAT}`],
  ['fd00::/8; 10.0.0.0/8', `fd00::/8; has 8; after the slash: write a number of bits from 0 to 128`],
  ['10.0.0.0/33', '10.0.0.0/33 has 33 after the slash: write a number of bits from 0 to 32'],
  ['10.0.0.0/', '10.0.0.0/ has nothing after the slash: write a number of bits from 0 to 32'],
  ['10.0.0.0/255.0.0.0', 'has 255.0.0.0 after the slash: write a number of bits from 0 to 32'],
  ['fd00::/129', 'write a number of bits from 0 to 128'],
  ['::ffff:10.0.0.0/104', '::ffff:10.0.0.0/104 is IPv4 written as IPv6: write the IPv4 address'],
])('%j is refused', (text, problem) => {
  const read = readNetworks(text);
  expect('problem' in read && problemText(read.problem)).toContain(problem);
});

function settings(text: string): unknown {
  const [entry] = parseInventory(text).entries;
  return entry?.valid === true ? entry.settings : undefined;
}
function report(text: string): string[] {
  return parseInventory(text).diagnostics.map((diagnostic) => formatDiagnostic('domains.ini', diagnostic));
}

test('allow, login_attempts and lockout_s may be in [DEFAULT] or in the section of a BMC', () => {
  const text = '[DEFAULT]\npassword=x\nallow = 10.0.0.0/8\nlogin_attempts = 5\n[a]\nlockout_s = 300\n';
  expect(settings(text)).toMatchObject({ allow: ['10.0.0.0/8'], loginAttempts: 5, lockoutSeconds: 300 });
  expect(settings('[a]\npassword=x\nallow = fd00::/8\nlogin_attempts = 0\n')).toMatchObject({
    allow: ['fd00::/8'],
    loginAttempts: 0,
  });
  const plain = settings('[a]\npassword=x\n');
  expect(plain).toMatchObject({ loginAttempts: 10, lockoutSeconds: 60 });
  expect(plain).not.toHaveProperty('allow');
});

test.each([
  ['allow = everybody', 'allow: everybody is not a network'],
  [
    'login_attempts = -1',
    'login_attempts: -1 is not a number of failed logins from 1 to 1000, nor 0 for no lock-out',
  ],
  ['login_attempts = many', 'login_attempts: many is not a number of failed logins'],
  ['lockout_s = 0', 'lockout_s: 0 is not a number of seconds from 1 to 86400: write for example 60'],
  ['lockout_s = 1 min', 'lockout_s: 1 min is not a number of seconds'],
])('%s is an error of the BMC', (line, message) => {
  expect(report(`[a]\npassword=x\n${line}\n`)).toEqual([
    expect.stringContaining(`domains.ini:3: [a] ${message}`),
  ]);
});
