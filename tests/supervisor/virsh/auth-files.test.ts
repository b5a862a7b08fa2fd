import { existsSync, readFileSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { parseInventory } from '#supervisor/inventory/parse-inventory.ts';
import type { BmcSettings, InventoryEntry } from '#supervisor/inventory/inventory.ts';
import { AuthFiles } from '#supervisor/virsh/auth-files.ts';
import { temporaryDirectory } from '#support/temporary-directory.ts';

function valid(entries: readonly InventoryEntry[]): BmcSettings[] {
  return entries.flatMap((entry) => (entry.valid ? [entry.settings] : []));
}

test('each BMC with SASL credentials gets its own file, readable only by vbmcd', async () => {
  const directory = join(temporaryDirectory(), 'auth');
  const { entries } = parseInventory(
    '[DEFAULT]\npassword=x\n[../a]\nlibvirt_sasl_username=u\nlibvirt_sasl_password=p1\n[b]\nport=2\n[c]\nport=3\nlibvirt_sasl_username=u\nlibvirt_sasl_password=p3\n',
  );
  const paths = await new AuthFiles(directory).write(valid(entries));
  expect([...paths.keys()]).toEqual(['../a', 'c']);
  expect(statSync(directory).mode & 0o777).toBe(0o700);
  for (const [name, password] of [
    ['../a', 'p1'],
    ['c', 'p3'],
  ] as const) {
    const path = paths.get(name) ?? '';
    expect(path.startsWith(`${directory}/`)).toBe(true);
    expect(path).not.toContain('..');
    expect(statSync(path).mode & 0o777).toBe(0o600);
    expect(readFileSync(path, 'utf8')).toContain(`password=${password}\n`);
  }
});

test('other credentials get another path, and the old file stays until it is pruned', async () => {
  const files = new AuthFiles(join(temporaryDirectory(), 'auth'));
  const write = async (password: string): Promise<string> => {
    const { entries } = parseInventory(
      `[a]\npassword=x\nlibvirt_sasl_username=u\nlibvirt_sasl_password=${password}\n`,
    );
    return (await files.write(valid(entries))).get('a') ?? '';
  };
  const first = await write('one');
  expect(await write('one')).toBe(first);
  const second = await write('two');
  expect(second).not.toBe(first);
  expect(existsSync(first)).toBe(true);
  await files.prune();
  expect([existsSync(first), existsSync(second)]).toEqual([false, true]);
  await files.write([]);
  await files.prune();
  expect(existsSync(second)).toBe(false);
});

test('files that another program has removed are written again, where the workers look for them', async () => {
  const directory = join(temporaryDirectory(), 'auth');
  const files = new AuthFiles(directory);
  const { entries } = parseInventory('[a]\npassword=x\nlibvirt_sasl_username=u\nlibvirt_sasl_password=p\n');
  const path = (await files.write(valid(entries))).get('a') ?? '';
  const text = readFileSync(path, 'utf8');
  expect(await files.restore()).toBe(false);
  rmSync(directory, { recursive: true });
  expect(await files.restore()).toBe(true);
  expect(readFileSync(path, 'utf8')).toBe(text);
  expect(statSync(path).mode & 0o777).toBe(0o600);
  expect(statSync(directory).mode & 0o777).toBe(0o700);
});
