import { formatDiagnostic } from '#supervisor/inventory/diagnostic.ts';
import { parseInventory } from '#supervisor/inventory/parse-inventory.ts';

function report(text: string): string[] {
  return parseInventory(text).diagnostics.map((diagnostic) => formatDiagnostic('domains.ini', diagnostic));
}

const SEVENTEEN = 'seventeen bytes !';

test('IPMI 1.5 is a warning', () => {
  expect(report('[a]\npassword=x\nipmi_1_5=yes\n')).toEqual([
    'domains.ini:3: warning: [a] ipmi_1_5: IPMI 1.5 sessions are not encrypted and are authenticated with MD5: turn it off if your clients know IPMI 2.0',
  ]);
});

test('with K_g the warning says that IPMI 1.5 does not use it', () => {
  expect(report('[a]\npassword=x\nkg=secret\nipmi_1_5=yes\n')[0]).toContain('; they do not use K_g either');
});

test('the warning names users whose password is too long for IPMI 1.5', () => {
  const text = `[a]\npassword=${SEVENTEEN}\nipmi_1_5=yes\n[a user u]\npassword=${SEVENTEEN}\nprivilege=user\n`;
  const carries =
    'the password has 17 bytes, but IPMI 1.5 carries at most 16, so this user cannot log in over IPMI 1.5';
  expect(report(text)).toEqual([
    expect.stringContaining(`domains.ini:2: warning: [a] password: ${carries}`),
    expect.stringContaining('domains.ini:3: warning: [a] ipmi_1_5'),
    expect.stringContaining(`domains.ini:5: warning: [a user u] password: ${carries}`),
  ]);
});

test('without IPMI 1.5 such a password needs no warning', () => {
  expect(report(`[a]\npassword=${SEVENTEEN}\n`)).toEqual([]);
});

test.each([
  ['ipmi_1_5=perhaps', 'ipmi_1_5: perhaps is neither yes nor no'],
  ['privilege_limit=root', 'privilege_limit: root is not a privilege: write callback, user, operator'],
])('%s', (line, message) => {
  expect(report(`[a]\npassword=x\n${line}\n`)[0]).toContain(`domains.ini:3: [a] ${message}`);
});

test('privilege_limit in [DEFAULT], overridden by one BMC', () => {
  const { entries } = parseInventory(
    '[DEFAULT]\npassword=x\nprivilege_limit=Operator\n[a]\n[b]\nport=2\nprivilege_limit=user\n',
  );
  expect(entries.map((entry) => entry.valid && entry.settings.privilegeLimit)).toEqual(['operator', 'user']);
});
