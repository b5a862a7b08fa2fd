/** VirtualBMC's own files as a part of the inventory. */
import { execFileSync } from 'node:child_process';
import { chmodSync, chownSync, mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { readVirtualBmcDirectory } from '#supervisor/virtualbmc/virtualbmc-directory.ts';
import {
  findingsOf,
  namesOf,
  readPlace,
  virtualBmcConfig,
  virtualBmcPlace,
  type VirtualBmcPlace,
} from '#support/supervisor/virtualbmc-files.ts';

const RUNS_AS_ROOT = process.getuid?.() === 0;
const NOBODY = 65_534;

test('BMCs of both are one inventory; a directory without a config is none', async () => {
  const place = virtualBmcPlace('[a]\npassword = x\nport = 1\n');
  place.write('node-0', virtualBmcConfig('node-0', 6230));
  place.write('node-1', virtualBmcConfig('vm-1', 6231, 'password2 = 100%', 'False'));
  mkdirSync(join(place.directory, 'log'));
  writeFileSync(join(place.directory, 'master.pid'), '1');
  const inventory = await readPlace(place);
  expect(findingsOf(inventory)).toEqual([]);
  expect(inventory.entries).toMatchObject([
    { valid: true, settings: { name: 'a' } },
    {
      file: join(place.directory, 'node-0/config'),
      line: 1,
      settings: { name: 'node-0', domainName: 'node-0', port: 6230, active: true },
    },
    { settings: { name: 'node-1', domainName: 'vm-1', port: 6231, active: false } },
  ]);
  const [, first] = inventory.entries;
  expect(first?.valid === true && first.settings.users[0]?.password.reveal()).toBe('secret');
});

test('[DEFAULT] gives what a file leaves out, and nothing that it has', async () => {
  const place = virtualBmcPlace('[DEFAULT]\npassword = ours\nallow = 127.0.0.0/8\nport = 7\n');
  place.write('node-0', '[VirtualBMC]\nactive = True\nport = 6230\n');
  const { entries } = await readPlace(place);
  expect(entries).toMatchObject([{ settings: { port: 6230, allow: ['127.0.0.0/8'] } }]);
});

test('an error has the file, the line and the key of VirtualBMC', async () => {
  const place = virtualBmcPlace();
  const path = place.write('node-0', '[VirtualBMC]\npassword = p\nport = 70000\nactive = True\n');
  const broken = place.write('node-1', '[VirtualBMC]\nnonsense\n');
  expect(findingsOf(await readPlace(place))).toEqual([
    `${path}:3: [node-0] port: 70000 is not a UDP port (1-65535)`,
    `${broken}:2: [node-1] the line is neither [section] nor key = value`,
  ]);
});

const hostile: readonly (readonly [string, (place: VirtualBmcPlace) => void, string])[] = [
  ['broken INI', ({ write }) => write('bad', '[VirtualBMC\nport'), 'neither [section] nor key = value'],
  ['no section', ({ write }) => write('bad', ''), 'there is no section [VirtualBMC]'],
  ['a lone %', ({ write }) => write('bad', '[VirtualBMC]\nport = 9\npassword = 5%\n'), 'write %% for it'],
  [
    'values that multiply',
    ({ write }) => write('bad', `[VirtualBMC]\nport = 9\npassword = ${'%(password)s'.repeat(4000)}\n`),
    '%',
  ],
  [
    'bytes that are not UTF-8',
    ({ write }) => execFileSync('sh', ['-c', `printf '\\377' > ${write('bad', '')}`]),
    'not UTF-8',
  ],
  ['a huge file', ({ write }) => write('bad', '#'.repeat(70_000)), 'more than 65536 bytes'],
  [
    'a file that other users may change',
    ({ write }) => {
      chmodSync(write('bad', virtualBmcConfig('bad', 9)), 0o666);
    },
    'every user may change',
  ],
  [
    'a directory that other users may change',
    ({ write, directory }) => {
      write('bad', virtualBmcConfig('bad', 9));
      chmodSync(join(directory, 'bad'), 0o777);
    },
    'every user may change',
  ],
  [
    'a FIFO',
    ({ directory }) => {
      mkdirSync(join(directory, 'bad'));
      execFileSync('mkfifo', [join(directory, 'bad/config')]);
    },
    'is not a file',
  ],
  [
    'a directory',
    ({ directory }) => {
      mkdirSync(join(directory, 'bad/config'), { recursive: true });
    },
    'is not a file',
  ],
  [
    'a link to a device',
    ({ directory }) => {
      mkdirSync(join(directory, 'bad'));
      symlinkSync('/dev/zero', join(directory, 'bad/config'));
    },
    'is not a file',
  ],
  [
    'a link that leads nowhere',
    ({ directory }) => {
      mkdirSync(join(directory, 'bad'));
      symlinkSync('nothing', join(directory, 'bad/config'));
    },
    'there is no such file or directory',
  ],
  [
    'links in a circle',
    ({ directory }) => {
      symlinkSync('bad', join(directory, 'bad'));
    },
    'lead in a circle',
  ],
  [
    'the name of the section of settings',
    ({ write, directory }) => {
      rmSync(join(directory, 'bad'), { force: true });
      write('DEFAULT', virtualBmcConfig('x', 9));
    },
    '[DEFAULT] is reserved',
  ],
];

test.each(hostile)('%s is an error of that BMC alone', async (_, make, said) => {
  const place = virtualBmcPlace('[a]\npassword = x\nport = 1\n');
  make(place);
  place.write('good', virtualBmcConfig('good', 6230));
  const inventory = await readPlace(place);
  expect(namesOf(inventory).filter((name) => !name.startsWith('invalid'))).toEqual(['a', 'good']);
  const errors = inventory.diagnostics.filter(({ severity }) => severity === 'error');
  expect(errors.map(({ message, remedy }) => `${message}: ${remedy}`)).toEqual([
    expect.stringContaining(said),
  ]);
  expect(inventory.entries).toHaveLength(3);
});

test('names that no section could have are no problem here', async () => {
  const place = virtualBmcPlace('[a]\npassword = x\nport = 1\n[a user b]\npassword = y\nprivilege = user\n');
  for (const [index, name] of ['db user 1', 'vm[1]', 'a user b'].entries()) {
    place.write(name, virtualBmcConfig(name, 6230 + index));
  }
  const inventory = await readPlace(place);
  expect(findingsOf(inventory)).toEqual([]);
  expect(namesOf(inventory)).toEqual(['a', 'a user b', 'db user 1', 'vm[1]']);
  expect(inventory.entries[0]).toMatchObject({ settings: { users: [{ name: 'admin' }, { name: 'b' }] } });
});

test('a section of the inventory counts before a file of the same name, with a warning', async () => {
  const place = virtualBmcPlace('[node-0]\npassword = x\nport = 1\n');
  const path = place.write('node-0', virtualBmcConfig('node-0', 6230));
  const inventory = await readPlace(place);
  expect(inventory.entries).toMatchObject([{ settings: { port: 1 } }]);
  expect(findingsOf(inventory)).toEqual([
    `${path}:1: warning: [node-0] the inventory has this BMC too, and its section counts (see line 3 of the inventory): remove this directory, or the section`,
  ]);
});

test('a port that a BMC of the inventory has is an error of the file', async () => {
  const place = virtualBmcPlace('[a]\npassword = x\nport = 6230\n');
  place.write('node-0', virtualBmcConfig('node-0', 6230));
  expect(namesOf(await readPlace(place))).toEqual(['a', 'invalid node-0']);
});

test('a directory that is not there yet is a warning, one that every user may change an error', async () => {
  const place = virtualBmcPlace('[a]\npassword = x\n');
  chmodSync(place.directory, 0o777);
  expect(findingsOf(await readPlace(place))).toEqual([
    `${place.directory}: every user may change ${place.directory}: chmod o-w ${place.directory}`,
  ]);
  rmSync(place.directory, { recursive: true });
  expect(findingsOf(await readPlace(place))).toEqual([
    expect.stringMatching(/theirs: warning: cannot find .*theirs: there is no such file or directory/),
  ]);
});

test('of a directory that answers too slowly the rest is not read, and each BMC tells so', async () => {
  const { write, directory } = virtualBmcPlace();
  for (const name of ['a', 'b']) write(name, virtualBmcConfig(name, 1));
  const files = ['a', 'b'].map((name) => ({
    name,
    content: {
      problem: {
        message: `the file system of ${directory} is too slow: not read within 0 s`,
        remedy: 'check its mount',
      },
    },
  }));
  expect(await readVirtualBmcDirectory(directory, { limitMs: 0 })).toMatchObject({ ok: true, files });
});

test('a directory that another user fills costs no more than its bounds', async () => {
  const { write, directory } = virtualBmcPlace();
  for (const name of ['a', 'b', 'c']) write(name, virtualBmcConfig(name, 1));
  expect(await readVirtualBmcDirectory(directory, { mostText: 1 })).toMatchObject({
    ok: true,
    files: ['a', 'b', 'c'].map((name, index) => ({ name, content: { ok: index === 0 } })),
  });
  expect(await readVirtualBmcDirectory(directory, { mostBmcs: 2 })).toMatchObject({
    ok: false,
    problem: { message: `${directory} has 3 directories, and may have 2` },
  });
});

test('passwords that other users may read are one warning, however many files', async () => {
  const place = virtualBmcPlace();
  chmodSync(place.directory, 0o755);
  place.write('node-0', virtualBmcConfig('node-0', 6230));
  place.write('node-1', virtualBmcConfig('node-1', 6231));
  const inventory = await readPlace(place);
  expect(findingsOf(inventory)).toEqual([expect.stringContaining('node-0/config holds a password')]);
});

test.each(['', '~/.vbmc'])('virtualbmc_dir = %j is an error', async (value) => {
  const place = virtualBmcPlace('', `virtualbmc_dir = ${value}\n`);
  expect(findingsOf(await readPlace(place))).toEqual([expect.stringContaining('[vbmc] virtualbmc_dir:')]);
});

test('a connection that starts a program is a warning when root or we wrote it', async () => {
  const place = virtualBmcPlace();
  const text = virtualBmcConfig('a', 1).replace('qemu:///system', 'qemu+ext:///system?command=/x');
  place.write('a', text);
  const inventory = await readPlace(place);
  expect(namesOf(inventory)).toEqual(['a']);
  expect(findingsOf(inventory)).toEqual([expect.stringContaining('warning: [a] libvirt_uri')]);
});

if (RUNS_AS_ROOT) {
  test('a file of another user is an error of its BMC, unless they own the directory', async () => {
    const place = virtualBmcPlace();
    chownSync(place.write('foreign', virtualBmcConfig('foreign', 1)), NOBODY, NOBODY);
    place.write('good', virtualBmcConfig('good', 2));
    const inventory = await readPlace(place);
    expect(namesOf(inventory)).toEqual(['invalid foreign', 'good']);
    expect(findingsOf(inventory)).toEqual([expect.stringContaining(`belongs to user ${NOBODY}`)]);
    chownSync(place.directory, NOBODY, NOBODY);
    expect(findingsOf(await readPlace(place))).toEqual([]);
  });

  test.each([
    ['qemu+ext:///system?command=/x', 'the transport +ext starts a program'],
    // Its driver runs in vbmcd's own virsh, with settings and emulators of this directory.
    ['qemu:///embed?root=/home/eve/root', 'the path /embed starts a hypervisor driver'],
    ['test:///home/eve/hypervisor.xml', 'only qemu:///system'],
  ])('the owner of the directory does not choose what libvirt starts: %s', async (uri, message) => {
    const place = virtualBmcPlace();
    chownSync(place.directory, NOBODY, NOBODY);
    const text = virtualBmcConfig('evil', 1).replace('qemu:///system', uri);
    chownSync(place.write('evil', text), NOBODY, NOBODY);
    const inventory = await readPlace(place);
    expect(namesOf(inventory)).toEqual(['invalid evil']);
    expect(findingsOf(inventory)).toEqual([expect.stringContaining(message)]);
  });
}

test("a file that a group may change counts as the group's", async () => {
  const place = virtualBmcPlace();
  const text = virtualBmcConfig('a', 1).replace('qemu:///system', 'qemu+ext:///system?command=/x');
  const path = place.write('a', text);
  chmodSync(path, 0o664);
  const inventory = await readPlace(place);
  expect(namesOf(inventory)).toEqual(['invalid a']);
  expect(inventory.diagnostics[0]).toMatchObject({
    remedy: expect.stringContaining('let no group change it') as string,
  });
  chmodSync(path, 0o644);
  expect(namesOf(await readPlace(place))).toEqual(['a']);
});
