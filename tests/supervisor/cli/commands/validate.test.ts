import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { runVbmc } from '#support/supervisor/run-vbmc.ts';
import { temporaryDirectory } from '#support/temporary-directory.ts';

function write(text: string): string {
  const path = join(temporaryDirectory(), 'domains.ini');
  writeFileSync(path, text, { mode: 0o600 });
  return path;
}
const THREE_ERRORS = '[a]\npassword=x\nport=70000\n[b]\npasword=x\n[c]\npassword=a;b\nactive=maybe\n';

test('all errors at once with file and line, exit code 1', async () => {
  const path = write(THREE_ERRORS);
  expect(await runVbmc(['validate', path])).toEqual({
    exitCode: 1,
    problems: '',
    results: [
      `${path}:3: [a] port: 70000 is not a UDP port (1-65535)`,
      `${path}:5: [b] unknown key pasword: did you mean password?`,
      `${path}:7: warning: [c] password: ; and # are read as part of the value, but other programs may cut the value there: put the whole value in double quotes, with \\" for " and \\\\ for \\`,
      `${path}:8: [c] active: maybe is neither yes nor no`,
      '',
    ].join('\n'),
  });
});

test.each(['', '; nothing\n', '[vbmc]\nallow_removal = yes\n'])(
  'an inventory without a BMC: %j',
  async (text) => {
    const path = write(text);
    const results = `${path}: warning: there is no BMC in it: write a section [NAME] with a password for each domain\n`;
    expect(await runVbmc(['validate', path])).toEqual({ exitCode: 0, problems: '', results });
  },
);

test('--json', async () => {
  const { exitCode, results } = await runVbmc(['validate', write(THREE_ERRORS), '--json']);
  expect(exitCode).toBe(1);
  expect(JSON.parse(results)).toMatchObject({
    bmcs: { valid: 0, invalid: 3 },
    errors: { length: 3 },
    warnings: { length: 1 },
  });
});

test('a file without errors prints nothing', async () => {
  expect(await runVbmc(['validate', write('[a]\npassword=x\n')])).toEqual({
    exitCode: 0,
    results: '',
    problems: '',
  });
});

test('a missing file is exit code 1', async () => {
  expect(await runVbmc(['validate', '/nowhere/x.ini'])).toEqual({
    exitCode: 1,
    results: '',
    problems:
      'vbmc: cannot open /nowhere/x.ini: there is no such file or directory: correct the path, or create it\n',
  });
});

test('a connection that starts a program is worth a warning', async () => {
  const path = write('[a]\npassword=x\nlibvirt_uri=qemu+ssh://h/system?command=/tmp/x\n');
  expect(await runVbmc(['validate', path])).toEqual({
    exitCode: 0,
    problems: '',
    results: `${path}:3: warning: [a] libvirt_uri: the parameter command names a program that libvirt starts with the rights of vbmcd: remove it, unless you have written it yourself and mean it\n`,
  });
});
