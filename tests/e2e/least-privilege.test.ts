/** A worker as the kernel describes it: no descriptor of another process, no secret that other processes can read. */
import { readFileSync } from 'node:fs';
import { startLab, type Lab } from '#lab/lab.ts';
import { openDescriptors } from '#support/processes.ts';

const KG = 'a-key-of-the-bmc';

let lab: Lab;
let workers: number[];
beforeAll(async () => {
  lab = await startLab({ domains: 2, vbmcd: { inventoryKeys: { kg: KG } } });
  workers = (await lab.vbmcList()).map(({ pid }) => pid ?? 0);
  // A power command loads all that a worker ever loads.
  expect((await lab.ipmitool(lab.bmc(0), ['-k', KG, 'power', 'on'])).exitCode).toBe(0);
  expect((await lab.ipmitool(lab.bmc(0), ['-k', KG, 'chassis', 'bootdev', 'pxe'])).exitCode).toBe(0);
});
afterAll(async () => {
  await lab.stop();
});

function words(pid: number, file: 'environ' | 'cmdline'): string[] {
  return readFileSync(`/proc/${pid}/${file}`, 'utf8').split('\0').filter(Boolean);
}

test('a worker has opened no file', () => {
  const files = workers.flatMap(openDescriptors).filter((target) => target.startsWith('/'));
  expect(files.filter((path) => path !== '/dev/null')).toEqual([]);
});

test('a worker has no descriptor of vbmcd or of another worker', () => {
  // Node passes descriptors that the shell left open on to its children, because it does not know of them.
  const given = new Set(openDescriptors(process.pid));
  const isOwn = (target: string): boolean => /^(?:socket|pipe):/.test(target) && !given.has(target);
  const all = [lab.vbmcd.pid, ...workers].map((pid) => new Set(openDescriptors(pid).filter(isOwn)));
  for (const [index, own] of all.entries()) {
    expect(own.size).toBeGreaterThan(1);
    for (const others of all.slice(index + 1)) expect([...own].filter((one) => others.has(one))).toEqual([]);
  }
});

test('a worker knows of its environment what it and virsh need', () => {
  const names = workers.flatMap((pid) => words(pid, 'environ').map((word) => word.split('=', 1)[0] ?? ''));
  const directories = ['CONFIG', 'CACHE', 'DATA', 'STATE'].map((kind) => `XDG_${kind}_HOME`);
  const needed = ['LC_ALL', 'PATH', 'HOME', 'XDG_RUNTIME_DIR', ...directories];
  const credentials = ['SSH_AUTH_SOCK', 'KRB5CCNAME', 'KRB5_CONFIG', 'KRB5_CLIENT_KTNAME'];
  const malloc = ['MALLOC_ARENA_MAX', 'MALLOC_TRIM_THRESHOLD_', 'MALLOC_TOP_PAD_'];
  const known = [...needed, ...credentials, ...malloc, 'LIBVIRT_AUTOSTART', 'LIBVIRT_AUTH_FILE'];
  expect([...new Set(names)].filter((name) => !known.includes(name))).toEqual([]);
});

test('no secret is in the arguments or the environment of any process', () => {
  const secrets = [KG, Buffer.from(KG).toString('hex'), ...lab.vbmcd.bmcs.map(({ password }) => password)];
  for (const pid of [lab.vbmcd.pid, ...workers]) {
    const open = [...words(pid, 'environ'), ...words(pid, 'cmdline')].join(' ');
    for (const secret of secrets) expect(open).not.toContain(secret);
  }
});

test('the list of processes tells whose worker it is', () => {
  workers.forEach((pid, index) => {
    expect(readFileSync(`/proc/${pid}/comm`, 'utf8')).toBe(`bmc node-${index}\n`);
    expect(words(pid, 'cmdline').at(-1)).toBe(`node-${index}`);
  });
  expect(readFileSync(`/proc/${lab.vbmcd.pid}/comm`, 'utf8')).toBe('vbmcd\n');
});

test('neither vbmcd nor a worker may dump core', () => {
  for (const pid of [lab.vbmcd.pid, ...workers]) {
    expect(readFileSync(`/proc/${pid}/limits`, 'utf8')).toMatch(/^Max core file size +0 +0 /m);
  }
});

test('a worker cannot make code out of text', () => {
  for (const pid of workers) {
    expect(words(pid, 'cmdline')).toEqual(
      expect.arrayContaining(['--disallow-code-generation-from-strings', '--disable-proto=delete']),
    );
  }
});
