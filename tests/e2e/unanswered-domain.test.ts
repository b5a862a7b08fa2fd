/** A domain about which libvirt does not answer: what an operator is told, and that other domains are served meanwhile. */
import { request } from 'node:http';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { chassisOf } from '#support/clients/chassis.ts';
import { printFigure } from '#support/figures.ts';
import { waitFor } from '#support/wait-for.ts';
import { inventoryText, type LabBmc } from '#lab/inventory-text.ts';
import { startLab, type Lab } from '#lab/lab.ts';
import type { BmcDetail } from '#supervisor/status/bmc-detail.ts';
import { putFifoInPlaceOfDisk, releaseDisk } from '#lab/stuck-disk.ts';
import { launchVbmcd, type Vbmcd } from '#lab/vbmcd.ts';

const STUCK = 'node-0';
const NEIGHBOUR = 'node-1';
const TIMEOUT = 0xc3;
/** virsh would take this name for an id: that of the neighbour. */
const NUMBER = '1';
/** virsh would take this name for a UUID. */
const LIKE_A_UUID = '01234567-89ab-cdef-0123-456789abcdef';
/** A BMC answers such a question when libvirt's 20 s are over; the machine may be busy. */
const patient = { retransmitAfterMs: 100_000, deadlineMs: 100_000 } as const;
/** libvirt's deadline, the pause between two rounds of the watch, and a busy machine. */
const patience = { timeoutMs: 180_000, intervalMs: 500 } as const;
/** Which of the calls under way libvirt owes first depends on the moment. */
const owed = /libvirt owes an answer(?: to virsh [a-z]+)? since \d{4}-\d\d-\d\dT[\d:.]+Z/;

let lab: Lab;
/** The one that runs. */
let vbmcd: Vbmcd;
let disk: string;
let original: string;
let started: Promise<number>;

beforeAll(async () => {
  lab = await startLab({ domains: 4 });
  ({ vbmcd } = lab);
  await lab.libvirt.virsh('domrename', 'node-2', NUMBER);
  await lab.libvirt.virsh('domrename', 'node-3', LIKE_A_UUID);
  original = await lab.libvirt.virsh('dumpxml', '--inactive', '--security-info', STUCK);
  expect(await chassisOf(lab.bmc(1), patient).control('powerUp')).toBe(0);
  disk = await putFifoInPlaceOfDisk(lab, STUCK);
  started = chassisOf(lab.bmc(0), patient).control('powerUp');
  await waitFor('libvirt to owe an answer', unanswered, patience);
});
afterAll(async () => {
  await lab.stop();
});

async function vbmc(...args: readonly string[]): Promise<string> {
  return (await vbmcd.vbmc(...args)).stdout;
}

async function unanswered(name = STUCK): Promise<unknown> {
  return (JSON.parse(await vbmc('show', name, '--json')) as BmcDetail).unanswered;
}

async function metrics(): Promise<string> {
  const socketPath = join(vbmcd.runDirectory, 'vbmc.sock');
  return new Promise((resolve, reject) => {
    request({ socketPath, path: '/metrics' }, (response) => {
      text(response).then(resolve, reject);
    })
      .on('error', reject)
      .end();
  });
}

/** The calls that libvirt owes this BMC's worker; the domains of the connection that it does not answer about. */
async function figures(name: string): Promise<{ readonly calls: number; readonly domains: number }> {
  const printed = await metrics();
  const value = (line: string): number => {
    const found = printed.split('\n').find((each) => each.startsWith(`${line} `));
    return Number(found?.slice(line.length));
  };
  return {
    calls: value(`vbmc_virsh_calls_unanswered{bmc="${name}"}`),
    domains: value(`vbmc_domains_unanswered{connection="${lab.libvirt.connectionUri}"}`),
  };
}

test('list, show, doctor and metrics name the domain, and no other', async () => {
  const lines = (await vbmc('list', '--details')).split('\n').filter((line) => owed.test(line));
  expect(lines).toEqual([expect.stringMatching(new RegExp(`^${STUCK} `))]);
  expect(await vbmc('show', STUCK, '--details')).toMatch(owed);
  expect(await unanswered(NEIGHBOUR)).toBeNull();
  const doctor = await vbmcd.vbmc('doctor');
  expect(doctor.stdout).toMatch(new RegExp(`^warning +\\[${STUCK}\\]: ${owed.source}`, 'm'));
  // It does not add to the calls that wait for this domain.
  expect(doctor.stdout).toContain(`not asked for its domains, because it would wait for ${STUCK}`);
  expect(doctor.exitCode).toBe(0);
  await waitFor(
    'the metrics to say so',
    async () => {
      const { calls, domains } = await figures(STUCK);
      return calls >= 1 && calls <= 2 && domains === 1;
    },
    patience,
  );
  expect(await figures(NEIGHBOUR)).toEqual({ calls: 0, domains: 1 });
});

test('its BMC says that it cannot tell, and does not guess', async () => {
  expect(await chassisOf(lab.bmc(0), patient).power()).toBe(TIMEOUT);
  expect(await started).toBe(TIMEOUT);
});

async function switches(bmc: LabBmc, uuid: string): Promise<void> {
  const state = async (): Promise<string> => (await lab.libvirt.virsh('domstate', uuid)).trim();
  const chassis = chassisOf(bmc, patient);
  if ((await state()) !== 'shut off') expect(await chassis.control('powerDown')).toBe(0);
  expect(await state()).toBe('shut off');
  expect(await chassis.power()).toBe('off');
  expect(await chassis.control('powerUp')).toBe(0);
  expect(await state()).toBe('running');
  expect(await chassis.power()).toBe('on');
}

test('a neighbour is switched off and on meanwhile, and libvirt answers its operator', async () => {
  await switches(lab.bmc(1), lab.guest(1).uuid);
  expect((await lab.libvirt.virsh('hostname')).trim()).not.toBe('');
});

/** Where the neighbour boots from first, by its definition. */
async function bootDeviceOfNeighbour(): Promise<string | undefined> {
  return /<boot dev='(\w+)'/.exec(await lab.libvirt.virsh('dumpxml', '--inactive', NEIGHBOUR))?.[1];
}

test('a boot device of the neighbour is set at once: nobody of vbmcd has asked for the stuck domain alone', async () => {
  const beganAt = performance.now();
  // Valid, persistent, legacy; PXE, and then the disk again.
  expect(await chassisOf(lab.bmc(1), patient).setBootFlags(0xc0, 0x04)).toBe(0);
  printFigure('boot device of a neighbour', `${Math.round(performance.now() - beganAt)} ms`);
  expect(await bootDeviceOfNeighbour()).toBe('network');
  expect(await chassisOf(lab.bmc(1), patient).setBootFlags(0xc0, 0x08)).toBe(0);
  expect(await bootDeviceOfNeighbour()).toBe('hd');
});

describe('a vbmcd that is started meanwhile', () => {
  let bmcs: readonly LabBmc[];

  beforeAll(async () => {
    const names = [STUCK, NEIGHBOUR, NUMBER, LIKE_A_UUID];
    bmcs = names.map((domain, index) => ({ ...lab.bmc(index), domain }));
    await vbmcd.stop('SIGKILL');
    vbmcd = launchVbmcd(lab.libvirt, inventoryText(lab.libvirt.connectionUri, bmcs), { name: 'second' });
    await vbmcd.running();
  });

  test.each([
    [1, NEIGHBOUR],
    [2, NUMBER],
    [3, LIKE_A_UUID],
  ])('switches node-%d, which is called %s, off and on', async (index) => {
    const bmc = bmcs[index];
    if (bmc === undefined) throw new Error(`there is no BMC ${index}`);
    await switches(bmc, lab.guest(index).uuid);
  });

  test('finds out which domain libvirt does not answer about', async () => {
    expect(await chassisOf(lab.bmc(0), patient).power()).toBe(TIMEOUT);
    await waitFor('libvirt to owe an answer', unanswered, patience);
  });

  test('has a boot device of the neighbour wait, for it knew of no start and has asked for the domain alone', async () => {
    expect(await chassisOf(lab.bmc(1), patient).setBootFlags(0x80, 0x08)).toBe(TIMEOUT);
    await waitFor(
      'the operator to be told',
      async () =>
        /owes an answer to virsh define since .*; the boot device may still be set/.test(
          await vbmc('show', NEIGHBOUR, '--details'),
        ),
      patience,
    );
    await switches(lab.bmc(1), lab.guest(1).uuid);
  });
});

test('when libvirt answers again nothing is said any more, and the domain is served', async () => {
  await releaseDisk(disk);
  // QEMU refuses the disk. libvirt says "starting up" until then, to whomever has waited, and reports no event when the start fails.
  await lab.waitForDomstate(STUCK, 'shut off');
  expect(await chassisOf(lab.bmc(0), patient).power()).toBe('off');
  await waitFor('libvirt to answer', async () => (await unanswered()) === null, patience);
  await waitFor(
    'the metrics to say so',
    async () => {
      const { calls, domains } = await figures(STUCK);
      return calls === 0 && domains === 0;
    },
    patience,
  );
  expect(await vbmc('list', '--details')).not.toMatch(owed);
  expect(await vbmc('show', STUCK, '--details')).not.toMatch(owed);
  expect(await vbmc('doctor')).not.toMatch(/owes|not asked/);
  const [valid = 0] = await chassisOf(lab.bmc(1), patient).bootFlags();
  const definition = await lab.libvirt.virsh('dumpxml', '--inactive', NEIGHBOUR);
  expect([valid, definition.includes('bootOverride')]).toEqual(valid === 0 ? [0, false] : [0x80, true]);
  await lab.libvirt.defineDomain(original);
  await switches(lab.bmc(0), lab.guest(0).uuid);
  await lab.waitForSerial(STUCK, 'boot disk');
});
