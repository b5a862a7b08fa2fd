import {
  chmodSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { addSection, deleteSections, setKey } from '#supervisor/editing/edit-inventory.ts';
import { editInventoryFiles } from '#supervisor/editing/edit-inventory-files.ts';
import { ownerRefusal, replaceFile } from '#supervisor/host/replace-file.ts';
import { temporaryDirectory } from '#support/temporary-directory.ts';

function write(text: string): string {
  const path = join(temporaryDirectory(), 'domains.ini');
  writeFileSync(path, text, { mode: 0o600 });
  return path;
}
async function add(path: string, name: string, port: number): Promise<unknown> {
  return editInventoryFiles(
    path,
    () => (text, file) =>
      file === undefined
        ? addSection(text, name, [
            ['port', String(port)],
            ['password', 'x'],
          ])
        : text,
  );
}

test('the mode stays, and no other file is left in the directory', async () => {
  const path = write('; first\n');
  chmodSync(path, 0o640);
  await add(path, 'a', 1);
  expect(readFileSync(path, 'utf8')).toBe('; first\n\n[a]\nport = 1\npassword = x\n');
  expect(statSync(path).mode & 0o7777).toBe(0o640);
  expect(readdirSync(dirname(path))).toEqual(['domains.ini']);
});

test('a missing file is created, for its owner only', async () => {
  const path = join(temporaryDirectory(), 'domains.ini');
  await add(path, 'a', 1);
  expect(statSync(path).mode & 0o7777).toBe(0o600);
});

test('a symbolic link stays, and its target is edited', async () => {
  const target = write('');
  const link = join(temporaryDirectory(), 'domains.ini');
  symlinkSync(target, link);
  await add(link, 'a', 1);
  expect(readlinkSync(link)).toBe(target);
  expect(readFileSync(target, 'utf8')).toContain('[a]');
});

test('editors wait for each other: no edit is lost', async () => {
  const path = write('');
  await Promise.all(Array.from({ length: 20 }, async (_, index) => add(path, `n${index}`, index + 1)));
  const text = readFileSync(path, 'utf8');
  for (let index = 0; index < 20; index += 1) expect(text).toContain(`[n${index}]`);
  expect(readdirSync(dirname(path))).toEqual(['domains.ini']);
});

test('the lock of a killed editor is removed', async () => {
  const path = write('');
  // No process has this id: it is higher than Linux allows.
  writeFileSync(join(dirname(path), '.domains.ini.lock'), String(2 ** 22 + 1));
  await add(path, 'a', 1);
  expect(readdirSync(dirname(path))).toEqual(['domains.ini']);
});

test('what killed editors left behind is removed by the next edit, and nothing else', async () => {
  const path = write('');
  const directory = dirname(path);
  const included = join(directory, 'domains.d');
  mkdirSync(included);
  writeFileSync(join(included, 'a.ini'), '', { mode: 0o600 });
  const put = (name: string, ageSeconds = 0): void => {
    const file = join(directory, name);
    writeFileSync(file, 'password = x');
    const at = Date.now() / 1000 - ageSeconds;
    utimesSync(file, at, at);
  };
  const uuid = '01234567-89ab-cdef-0123-456789abcdef';
  put(`.domains.ini.${uuid}`);
  put(`domains.d/.a.ini.${uuid}`);
  put(`.domains.ini.lock.${uuid}`, 61);
  // An editor that waits for the lock, another file's copy, and what no editor names so.
  const others = [`.domains.ini.lock.${uuid.replace('0', '1')}`, `.other.ini.${uuid}`, '.domains.ini.bak'];
  for (const name of others) put(name);
  await add(path, 'b', 1);
  expect(readdirSync(directory).sort()).toEqual([...others, 'domains.d', 'domains.ini'].sort());
  expect(readdirSync(included)).toEqual(['a.ini']);
});

test('a file that another program has changed meanwhile is not replaced', async () => {
  const path = write('old');
  await expect(replaceFile(path, 'older', 'new')).rejects.toThrow('has changed meanwhile');
  expect(readFileSync(path, 'utf8')).toBe('old');
  expect(readdirSync(dirname(path))).toEqual(['domains.ini']);
});

test('an edit that fails half-way says what it has written, and one that fails at once that nothing was changed', async () => {
  const path = write('[a]\nport=1\npassword=x\n');
  const included = join(dirname(path), 'domains.d');
  mkdirSync(included);
  const file = join(included, 'b.ini');
  writeFileSync(file, '[b]\nport=2\npassword=x\n', { mode: 0o600 });
  const edit = async (names: readonly string[]): Promise<unknown> =>
    editInventoryFiles(path, () => {
      writeFileSync(path, '[a]\nport=3\npassword=x\n');
      return (text) => names.reduce((edited, name) => setKey(edited, name, 'active', 'no'), text);
    });
  await expect(edit(['a', 'b'])).rejects.toMatchObject({
    message: `${path} has changed meanwhile; only ${file} was written before that`,
    remedy: 'try again',
  });
  expect(readFileSync(file, 'utf8')).toContain('active = no');
  writeFileSync(path, '[a]\nport=1\npassword=x\n');
  await expect(edit(['a'])).rejects.toThrow(`${path} has changed meanwhile; nothing was changed`);
});

test('a file that would lose its owner is not replaced, and it is said whether the user or the group is meant', () => {
  expect(ownerRefusal('/f', false)).toMatchObject({
    message: '/f belongs to another user, who would lose it',
    remedy: 'run vbmc as its owner or as root',
  });
  const group = ownerRefusal('/f', true);
  expect(group.message).toMatch(/belongs to a group/);
  expect(group.message).not.toMatch(/another user/);
  expect(group.remedy).toMatch(/member of the group/);
});

test('a file that is not UTF-8 is not touched', async () => {
  const path = write('');
  writeFileSync(path, Buffer.from('; \xff\n', 'latin1'));
  await expect(add(path, 'a', 1)).rejects.toThrow('is not UTF-8');
  expect(readFileSync(path, 'latin1')).toBe('; \xff\n');
});

test('an edit that would add an error is refused with file and line', async () => {
  const path = write('[a]\nport=1\npassword=x\n');
  await expect(add(path, 'b', 1)).rejects.toThrow(`${path}:6: [b] port: [::]:1 is taken by [a]`);
  expect(readFileSync(path, 'utf8')).toBe('[a]\nport=1\npassword=x\n');
});

test('errors from before the edit do not prevent it', async () => {
  const path = write('[gone]\npassword=x\n[a]\nport=x\n[b]\n[b]\n');
  await editInventoryFiles(path, () => (text) => deleteSections(text, (name) => name === 'gone'));
  expect(readFileSync(path, 'utf8')).toBe('[a]\nport=x\n[b]\n[b]\n');
});

test('a section in the include directory is edited in its file', async () => {
  const path = write('[a]\nport=1\npassword=x\n');
  const included = join(dirname(path), 'domains.d', 'b.ini');
  mkdirSync(dirname(included));
  writeFileSync(included, '; kept\n[b]\npassword=x\nport=2\n', { mode: 0o600 });
  const { inventory, written } = await editInventoryFiles(
    path,
    () => (text) => setKey(text, 'b', 'active', 'no'),
  );
  expect(written).toEqual([included]);
  expect(readFileSync(included, 'utf8')).toBe('; kept\n[b]\npassword=x\nport=2\nactive = no\n');
  expect(readFileSync(path, 'utf8')).toBe('[a]\nport=1\npassword=x\n');
  expect(inventory.entries).toMatchObject([{}, { file: included, settings: { active: false } }]);
});
