import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

function page(file: string): string {
  return fileURLToPath(new URL(`../../config/man/${file}`, import.meta.url));
}

test.each(['vbmc.1', 'vbmcd.8', 'domains.ini.5'])('mandoc finds nothing wrong in %s', (file) => {
  // It exits with 2 and more from warnings on; of style it says what concerns pages that are not installed here.
  expect(execFileSync('mandoc', ['-Tlint', '-Wwarning', page(file)], { encoding: 'utf8' })).toBe('');
});

test('vbmc(1) reads like a manual page', () => {
  const text = execFileSync('mandoc', ['-Tascii', '-Owidth=80', page('vbmc.1')], { encoding: 'utf8' });
  // Bold and underlined, as terminals of old have it.
  const plain = text.replaceAll(/.[\b]/g, '');
  expect(plain).toMatch(/VBMC\(1\)/);
  expect(plain).toContain('     vbmc reload [--allow-removal] [--json]\n');
  expect(plain).toMatch(/^EXIT STATUS$/m);
});
