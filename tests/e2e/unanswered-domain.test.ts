/** A domain about which libvirt does not answer: what an operator is told, and that it keeps no other domain from being used. */
import { request } from 'node:http';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { waitFor } from '#support/wait-for.ts';
import { showBmc } from '#support/clients/show-bmc.ts';
import { inventoryText, type LabBmc } from '#lab/inventory-text.ts';
import { startLab, type Lab } from '#lab/lab.ts';
import { putFifoInPlaceOfDisk, releaseDisk } from '#lab/stuck-disk.ts';

const STUCK = 'node-0';
/** virsh would take this name for a UUID. */
const ambiguous = ['01234567-89ab-cdef-0123-456789abcdef'] as const;
/** libvirt has 20 s to answer a call; the machine may be busy. */
const patience = { timeoutMs: 90_000 };

let lab: Lab;
let disk: string;
/** The BMC of the domain with an ambiguous name. */
let others: readonly LabBmc[];
let poweredOn: Promise<unknown>;
/** Of the same domain. */
const uuids: string[] = [];

beforeAll(async () => {
  lab = await startLab({ domains: 3 });
  others = ambiguous.map((domain, index) => ({ ...lab.bmc(index + 1), domain }));
  for (const [index, name] of ambiguous.entries()) {
    uuids.push((await lab.libvirt.virsh('domuuid', `node-${index + 1}`)).trim());
    await lab.libvirt.virsh('domrename', `node-${index + 1}`, name);
  }
  lab.vbmcd.writeInventory(inventoryText(lab.libvirt.connectionUri, [lab.bmc(0), ...others]));
  expect(await lab.vbmcd.vbmc('reload')).toMatchObject({ exitCode: 0 });
  disk = await putFifoInPlaceOfDisk(lab, STUCK);
  poweredOn = lab.ipmitool(lab.bmc(0), ['power', 'on']);
  await waitFor('the start to be owed', async () => (await unanswered())?.call === 'start', patience);
});
afterAll(async () => {
  await poweredOn;
  await lab.stop();
});

async function unanswered(): Promise<{ readonly since: string; readonly call: string | null } | null> {
  return (await showBmc(lab, STUCK)).unanswered;
}

async function metrics(): Promise<string> {
  const socketPath = join(lab.vbmcd.runDirectory, 'vbmc.sock');
  return new Promise((resolve, reject) => {
    request({ socketPath, path: '/metrics' }, (response) => {
      text(response).then(resolve, reject);
    })
      .on('error', reject)
      .end();
  });
}

test('list, show, doctor and metrics say since when libvirt owes which answer', async () => {
  const since = (await unanswered())?.since ?? '';
  expect(Date.parse(since)).toBeLessThan(Date.now());
  const said = `libvirt owes an answer to virsh start since ${since}`;
  const list = (await lab.vbmcd.vbmc('list')).stdout;
  expect(list.split('\n').filter((line) => line.includes(said))).toHaveLength(1);
  expect((await lab.vbmcd.vbmc('show', STUCK)).stdout).toContain(said);
  const doctor = (await lab.vbmcd.vbmc('doctor')).stdout;
  expect(doctor).toMatch(new RegExp(`^warning +\\[${STUCK}\\]: ${said}`, 'm'));
  const figures = await metrics();
  // The start, and perhaps the question whether it has begun.
  expect(figures).toMatch(new RegExp(`^vbmc_virsh_calls_unanswered{bmc="${STUCK}"} [12]$`, 'm'));
  expect(figures).toContain('vbmc_virsh_calls_unanswered{bmc="node-1"} 0\n');
  expect(figures).toContain(`vbmc_domains_unanswered{connection="${lab.libvirt.connectionUri}"} 1\n`);
});

test.each([0])('a domain named like a UUID (%d) is switched on and off meanwhile', async (index) => {
  const [bmc, uuid = ''] = [others[index], uuids[index]];
  if (bmc === undefined) throw new Error('there is no such BMC');
  const patient = { retryIntervalSeconds: 5, tries: 6 } as const;
  const state = async (): Promise<string> => (await lab.libvirt.virsh('domstate', uuid)).trim();
  expect(await lab.ipmitool(bmc, ['power', 'on'], patient)).toMatchObject({ exitCode: 0 });
  expect(await state()).toBe('running');
  expect(await lab.ipmitool(bmc, ['power', 'off'], patient)).toMatchObject({ exitCode: 0 });
  expect(await state()).toBe('shut off');
});

test('nothing is said any more when libvirt has answered', async () => {
  await releaseDisk(disk);
  await waitFor('libvirt to answer', async () => (await unanswered()) === null, patience);
  expect((await lab.vbmcd.vbmc('list')).stdout).not.toContain('owes');
  await waitFor(
    'the metrics to say so',
    async () => {
      const figures = await metrics();
      return figures.includes(`vbmc_domains_unanswered{connection="${lab.libvirt.connectionUri}"} 0\n`);
    },
    patience,
  );
});
