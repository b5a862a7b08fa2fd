import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { withoutHanging } from '#supervisor/host/hanging-files.ts';
import { readInventory } from '#supervisor/inventory/read-inventory.ts';
import { temporaryDirectory } from '#support/temporary-directory.ts';

function write(text: string, mode: number): string {
  const path = join(temporaryDirectory(), 'domains.ini');
  writeFileSync(path, text);
  chmodSync(path, mode);
  return path;
}

test.each([0o640, 0o604, 0o644, 0o620])(
  'mode %o with passwords is a warning with its remedy',
  async (mode) => {
    const path = write('[a]\npassword=x\n', mode);
    const { diagnostics, entries } = await readInventory(path);
    const message = `the file holds passwords and other users may read or write it (mode 0${mode.toString(8)})`;
    expect(diagnostics).toEqual([{ severity: 'warning', message, remedy: `chmod 600 ${path}` }]);
    expect(entries).toMatchObject([{ valid: true }]);
  },
);

test('mode 0600 is not', async () => {
  expect((await readInventory(write('[a]\npassword=x\n', 0o600))).diagnostics).toEqual([]);
});

test('a file without passwords may be readable by everyone', async () => {
  expect((await readInventory(write('', 0o644))).diagnostics).toEqual([]);
});

test('the example inventory has no error', async () => {
  const { diagnostics, entries } = await readInventory('config/domains.ini');
  expect(diagnostics.filter(({ severity }) => severity === 'error')).toEqual([]);
  expect(entries.length).toBeGreaterThan(0);
});

describe('include directory', () => {
  const withIncluded = (files: Readonly<Record<string, string>>): string => {
    const path = write('[main]\npassword=x\nport=1\n', 0o600);
    const directory = path.replace(/\.ini$/, '.d');
    mkdirSync(directory);
    for (const [name, text] of Object.entries(files))
      writeFileSync(join(directory, name), text, { mode: 0o600 });
    return path;
  };

  test('reads *.ini in the order of their names, and no other files', async () => {
    const section = (name: string, port: number): string => `[${name}]\npassword=x\nport=${port}\n`;
    const path = withIncluded({
      '20.ini': section('c', 3),
      '10.ini': section('b', 2),
      'x.ini~': section('d', 4),
      '.hidden.ini': section('e', 5),
    });
    const { entries, diagnostics } = await readInventory(path);
    expect(diagnostics).toEqual([]);
    expect(entries.map((entry) => entry.valid && entry.settings.name)).toEqual(['main', 'b', 'c']);
  });

  test('an included file that cannot be read is an error, and the others are read', async () => {
    const path = withIncluded({ 'a.ini': '[a]\npassword=x\nport=2\n' });
    mkdirSync(path.replace(/\.ini$/, '.d/b.ini'));
    const { entries, diagnostics } = await readInventory(path);
    expect(entries).toHaveLength(2);
    expect(diagnostics).toEqual([
      {
        severity: 'error',
        file: path.replace(/\.ini$/, '.d/b.ini'),
        message: expect.stringContaining('is not a file') as string,
        remedy: 'write an INI file there, or remove it',
      },
    ]);
  });

  test.each(['FIFO', 'device'])('a %s is no file, and holds up nobody', async (kind) => {
    const path = withIncluded({});
    const included = path.replace(/\.ini$/, '.d/x.ini');
    const make = (name: string): void => {
      if (kind === 'FIFO') execFileSync('mkfifo', [name]);
      else symlinkSync('/dev/zero', name);
    };
    make(included);
    const { diagnostics } = await readInventory(path);
    expect(diagnostics).toMatchObject([
      { severity: 'error', file: included, message: `${included} is not a file` },
    ]);
    rmSync(path);
    make(path);
    await expect(readInventory(path)).rejects.toThrow(`${path} is not a file`);
  });
});

test('a password file on a file system that does not answer is an error of its BMC, and holds up nobody', async () => {
  const secrets = temporaryDirectory();
  writeFileSync(join(secrets, 'password'), 'x', { mode: 0o600 });
  const path = write(`[a]\nport=1\npassword_file=${secrets}/password\n[b]\nport=2\npassword=x\n`, 0o600);
  expect((await readInventory(path)).diagnostics).toEqual([]);
  // It has not answered before, and still does not.
  let answer = (): void => undefined;
  const operation = (): Promise<void> => new Promise((resolve) => (answer = resolve));
  await expect(withoutHanging(secrets, operation, 1)).rejects.toThrow('has not answered');
  const { entries, diagnostics } = await readInventory(path);
  expect(entries.map(({ valid }) => valid)).toEqual([false, true]);
  expect(diagnostics).toMatchObject([
    { section: 'a', message: `the file system of ${secrets} still does not answer` },
  ]);
  answer();
  await new Promise(setImmediate);
  expect((await readInventory(path)).diagnostics).toEqual([]);
});
