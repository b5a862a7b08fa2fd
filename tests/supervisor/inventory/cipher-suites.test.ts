import { cipherSuites, type CipherSuite, type CipherSuiteId } from '@vbmc/ipmi-codec';
import { cipherSuiteWarning, readCipherSuites } from '#supervisor/inventory/cipher-suites.ts';
import { formatDiagnostic } from '#supervisor/inventory/diagnostic.ts';
import { parseInventory } from '#supervisor/inventory/parse-inventory.ts';
import { problemText } from '#supervisor/text/problem.ts';

const suites: readonly CipherSuite[] = Object.values(cipherSuites);

function report(text: string): string[] {
  return parseInventory(text).diagnostics.map((diagnostic) => formatDiagnostic('domains.ini', diagnostic));
}

test.each([
  ['17 3', [17, 3]],
  ['3,17', [3, 17]],
  [' 17 , 3\t0 ', [17, 3, 0]],
  ['17', [17]],
  ['15 16 1 2', [15, 16, 1, 2]],
])('%j', (text, list) => {
  expect(readCipherSuites(text)).toEqual(list);
});

test.each([
  ['', 'there is no cipher suite: write for example 17 3'],
  ['17 17', 'cipher suite 17 is listed twice: remove one of the two'],
  ['8', 'cipher suite 8 is not implemented, because it uses MD5 or RC4: write some of 17, 3, or'],
  ['20', '20 is not a cipher suite: write some of 17, 3, or if a client needs them 0, 1, 2, 15, 16'],
  ['017', '017 is not a cipher suite'],
  ['aes', 'aes is not a cipher suite'],
])('%j is refused', (text, problem) => {
  const read = readCipherSuites(text);
  expect('problem' in read && problemText(read.problem)).toContain(problem);
});

test.each(Array.from({ length: 11 }, (_, index) => 4 + index).concat(18, 19))(
  'suite %i uses MD5 or RC4',
  (suite) => {
    expect(JSON.stringify(readCipherSuites(String(suite)))).toContain('uses MD5 or RC4');
  },
);

test.each(suites)('a warning names what suite $id lacks', (suite) => {
  const lacks = { authentication: 'authentication', integrity: 'integrity', confidentiality: 'encryption' };
  const warning = cipherSuiteWarning(suite.id as CipherSuiteId)?.message ?? '';
  for (const [kind, word] of Object.entries(lacks)) {
    expect(warning.includes(`no ${word}`)).toBe(suite[kind as keyof typeof lacks] === 'none');
  }
});

test('a weak suite is one warning at the line of the key', () => {
  expect(report('[DEFAULT]\npassword=x\ncipher_suites = 17 0\n[a]\n[b]\nport=2\n')).toEqual([
    'domains.ini:3: warning: [DEFAULT] cipher_suites: cipher suite 0 has no authentication, no integrity, ' +
      'no encryption, so anyone who knows a user name can log in without a password: leave it out unless a client needs it',
  ]);
});

test('a suite that is not implemented is an error of the BMC', () => {
  expect(report('[a]\npassword=x\ncipher_suites = 17 6\n')[0]).toContain(
    'domains.ini:3: [a] cipher_suites: cipher suite 6',
  );
});
