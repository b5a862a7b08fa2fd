/**
 * `npm run test:links`: BMCs of a hypervisor elsewhere, by a real sshd and links that are fast, slow to log in, and long and lossy. Prints
 * seconds and connections of each command, with a kept connection, by logins of each virsh (an sshd that forwards no sockets), and with
 * `-- --against CHECKOUT` of VirtualBMC. Then `--at-once` BMCs are powered on at once. The domains are of libvirt's mock hypervisor.
 *
 * The link is a proxy in this process, because many machines have no `tc netem`: a lost packet is one that comes a retransmission later.
 */
import { parseArgs } from 'node:util';
import { startLabSshd, type LabSshd } from '#lab/lab-sshd.ts';
import type { LabBmc } from '#lab/inventory-text.ts';
import { startPrivateLibvirt, type PrivateLibvirt } from '#lab/private-libvirt.ts';
import { startSlowLink, type LinkOptions, type SlowLink } from '#lab/slow-link.ts';
import { planBmcs, startLabVbmcd } from '#lab/vbmcd.ts';
import { ipmiClients } from '#support/clients/ipmi-clients.ts';
import { waitFor } from '#support/wait-for.ts';
import { launchVirtualBmc } from '#lab/virtualbmc/launch.ts';
import { runAcceptance } from './acceptance-run.ts';

const { values: options } = parseArgs({
  options: {
    against: { type: 'string' },
    'at-once': { type: 'string', default: '12' },
    only: { type: 'string', default: '' },
  },
});

const links: Readonly<Record<string, LinkOptions>> = {
  loopback: {},
  'login of 2 s': { connectMs: 2_000 },
  '200 ms, 2 % lost': { delayMs: 100, lossShare: 0.02 },
};
/** ipmitool waits for a long command: what it would see with its defaults is told by the seconds. */
const patient = { retryIntervalSeconds: 100, tries: 1, timeoutMs: 200_000 };
/** Long enough for a first login and the watch on the worst link. */
const readyIn = { timeoutMs: 180_000, intervalMs: 500 };
const commands = [
  ['on', 'chassis', 'power', 'on'],
  ['status', 'chassis', 'power', 'status'],
  ['bootdev', 'chassis', 'bootdev', 'pxe', 'options=persistent'],
  ['cycle', 'chassis', 'power', 'cycle'],
  ['off', 'chassis', 'power', 'off'],
] as const;

interface Started {
  readonly bmcs: readonly LabBmc[];
  stop(): Promise<unknown>;
}
type Start = (libvirt: PrivateLibvirt, names: readonly string[], uri: string) => Promise<Started>;

const ours: Start = async (libvirt, names, uri) => {
  const vbmcd = await startLabVbmcd(libvirt, await planBmcs(names), {
    name: `vbmcd-${Math.random().toString(36).slice(2)}`,
    inventoryKeys: { libvirt_uri: uri },
  });
  await waitFor(
    'every state',
    async () => (await vbmcd.list()).every(({ powerState }) => powerState !== 'unknown'),
    readyIn,
  );
  return vbmcd;
};

const theirs: Start = async (libvirt, names, uri) => {
  const bmcs = await planBmcs(names);
  const subject = await launchVirtualBmc({ ...libvirt, connectionUri: uri }, options.against ?? '', bmcs);
  const clients = ipmiClients(libvirt);
  for (const bmc of bmcs)
    await waitFor(
      'VirtualBMC',
      async () => (await clients.ipmitool(bmc, ['mc', 'info'], { cipher: 3 })).exitCode === 0,
      readyIn,
    );
  return { bmcs, stop: () => subject.stop() };
};

runAcceptance('npm run test:links', async ({ report, print, unlessInterrupted }) => {
  const count = Number(options['at-once']);
  const names = Array.from({ length: count }, (_unused, index) => `node-${index}`);
  const libvirt = await startPrivateLibvirt({ hypervisor: 'mock' });
  try {
    for (const name of names) await libvirt.defineDomain(domainXml(name));
    const sshd = await startLabSshd(libvirt);
    const strict = await startLabSshd(libvirt, {
      folder: 'strict',
      settings: ['AllowStreamLocalForwarding no'],
    });
    const ways: readonly (readonly [string, LabSshd, Start])[] = [
      ['kept', sshd, ours],
      ['each virsh', strict, ours],
      ...(options.against === undefined ? [] : [['VirtualBMC', sshd, theirs] as const]),
    ];
    for (const [linkName, linkOptions] of Object.entries(links))
      for (const [way, through, start] of ways) {
        const what = `${linkName}, ${way}`;
        if (!what.includes(options.only)) continue;
        const link = await startSlowLink(through.port, linkOptions);
        try {
          await unlessInterrupted(
            measure(libvirt, names, { what, link, uri: through.connectionUri(link.port), start }),
          );
        } finally {
          link.stop();
        }
      }
    print('');
  } finally {
    await libvirt.stop();
  }

  async function measure(
    libvirt: PrivateLibvirt,
    names: readonly string[],
    { what, link, uri, start }: { what: string; link: SlowLink; uri: string; start: Start },
  ): Promise<void> {
    const clients = ipmiClients(libvirt);
    const started = await start(libvirt, names, uri);
    const [first] = started.bmcs;
    if (first === undefined) throw new Error('--at-once is at least 1');
    for (const [name, ...args] of commands) {
      await report.step(`${what}: ${name}`, async () => {
        const before = link.count();
        const { exitCode, stderr, durationMs } = await clients.ipmitool(first, args, {
          ...patient,
          cipher: 3,
        });
        const told = exitCode === 0 ? 'done' : stderr.trim();
        return `${(durationMs / 1000).toFixed(1)} s, ${link.count() - before} connections, ${told}`;
      });
    }
    await report.step(`${what}: ${names.length} on at once`, async () => {
      const before = link.count();
      const results = await Promise.all(
        started.bmcs.map((bmc) =>
          clients.ipmitool(bmc, ['chassis', 'power', 'on'], { ...patient, cipher: 3 }),
        ),
      );
      const done = results.filter(({ exitCode }) => exitCode === 0);
      const seconds = done.map(({ durationMs }) => durationMs / 1000).sort((a, b) => a - b);
      const running = (await libvirt.virsh('list', '--name', '--state-running')).split('\n');
      const on = names.filter((name) => running.includes(name)).length;
      if (what.endsWith('kept') && on < names.length) throw new Error(`${on} of ${names.length} are on`);
      await libvirt.virsh(names.map((name) => `destroy ${name}`).join('; ')).catch(() => undefined);
      return `${done.length} done, ${on} on, last after ${(seconds.at(-1) ?? NaN).toFixed(1)} s, ${link.count() - before} connections`;
    });
    await started.stop();
  }
});

function domainXml(name: string): string {
  return (
    `<domain type='test'><name>${name}</name><memory>1024</memory><os><type>hvm</type><boot dev='hd'/></os>` +
    `<devices><interface type='user'/></devices></domain>`
  );
}
