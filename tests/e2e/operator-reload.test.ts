/** Reload changes only what differs. A fault in the inventory keeps no other BMC down. */
import { getDeviceId, type Command, type NoData } from '@vbmc/ipmi-codec';
import { inventoryText, type LabBmc } from '#lab/inventory-text.ts';
import { startPrivateLibvirt, type PrivateLibvirt } from '#lab/private-libvirt.ts';
import { planBmcs, startVbmcd, type ListedBmc, type Vbmcd } from '#lab/vbmcd.ts';
import { ConsoleFailure, UdpConsole } from '#support/console/udp-console.ts';
import { consoleTo } from '#support/clients/console-to.ts';
import { firstAnswer } from '#support/clients/first-answer.ts';
import { printFigure } from '#support/figures.ts';

let libvirt: PrivateLibvirt;
beforeAll(async () => {
  libvirt = await startPrivateLibvirt({ hypervisor: 'mock' });
});
afterAll(async () => {
  await libvirt.stop();
});

function names(count: number): string[] {
  return Array.from({ length: count }, (_, index) => `node-${index}`);
}

async function stillOpen(session: UdpConsole): Promise<void> {
  const { completionCode } = await session.request(getDeviceId as Command<NoData, unknown>, undefined);
  expect(completionCode).toBe(0);
}

function pidsByName(listed: readonly ListedBmc[]): Map<string, number | null> {
  return new Map(listed.map(({ name, pid }) => [name, pid]));
}

describe('50 BMCs', () => {
  let bmcs: LabBmc[];
  let daemon: Vbmcd;
  /** A second user of one BMC, with a lower privilege. */
  const secondUser = (name: string, password: string): string =>
    `[${name} user guest]\npassword = ${password}\nprivilege = operator\n`;

  beforeAll(async () => {
    bmcs = await planBmcs(names(51));
    const text = inventoryText(libvirt.connectionUri, bmcs.slice(0, 50)) + secondUser('node-40', 'guest-1');
    daemon = await startVbmcd(libvirt, text, { name: 'fifty' });
    await daemon.running();
  });
  afterAll(async () => {
    await daemon.stop();
  });

  const bmc = (index: number): LabBmc => {
    const found = bmcs[index];
    if (found === undefined) throw new Error(`there is no BMC ${index}`);
    return found;
  };

  test('one changed, one removed, one added: three processes affected, sessions elsewhere stay open', async () => {
    const before = pidsByName(await daemon.list());
    const open = await UdpConsole.connect(consoleTo(bmc(7)));
    const admin = await UdpConsole.connect(consoleTo(bmc(40)));
    const guest = await UdpConsole.connect(
      consoleTo(bmc(40), { userName: 'guest', password: 'guest-1', privilegeLevel: 'operator' }),
    );
    // The changed one moves to the port that the removed one frees.
    const changed = { ...bmc(10), port: bmc(20).port };
    const after = [...bmcs.slice(0, 10), changed, ...bmcs.slice(11, 20), ...bmcs.slice(21, 51)];
    daemon.writeInventory(inventoryText(libvirt.connectionUri, after) + secondUser('node-40', 'guest-2'));
    const { exitCode, stdout, durationMs } = await daemon.vbmc('reload', '--json');
    expect(exitCode).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({
      outcome: 'applied',
      added: ['node-50'],
      removed: ['node-20'],
      changed: ['node-10'],
      updated: ['node-40'],
      problems: [],
    });
    // It is live when the command returns.
    await firstAnswer(changed);
    await firstAnswer(bmc(50));
    const now = pidsByName(await daemon.list());
    const touched = [...new Set([...before.keys(), ...now.keys()])].filter(
      (name) => before.get(name) !== now.get(name),
    );
    expect(touched.toSorted()).toEqual(['node-10', 'node-20', 'node-50']);
    expect(daemon.workerPids().toSorted()).toEqual([...now.values()].toSorted());
    printFigure(
      'reload of 50 BMCs (1 changed, 1 removed, 1 added, 1 password)',
      `${durationMs.toFixed(0)} ms`,
    );
    printFigure('processes affected by it', `${touched.length}: ${touched.join(', ')}`);

    await stillOpen(open);
    await stillOpen(admin);
    expect([open.retransmissions, admin.retransmissions]).toEqual([0, 0]);
    // Whose password was changed has to log in again, with the new one.
    await expect(guest.request(getDeviceId, undefined)).rejects.toThrow(ConsoleFailure);
    const guestOptions = { userName: 'guest', privilegeLevel: 'operator' } as const;
    const old = UdpConsole.connect(consoleTo(bmc(40), { ...guestOptions, password: 'guest-1' }));
    await expect(old).rejects.toMatchObject({ kind: 'unverified' });
    const back = await UdpConsole.connect(consoleTo(bmc(40), { ...guestOptions, password: 'guest-2' }));
    printFigure(
      'sessions through the reload',
      'kept on an unchanged BMC and of the other user of the changed one',
    );
    await Promise.all([open.close(), admin.close(), back.close(), guest.abandon()]);
  });

  test('errors on three lines: refused with each of them, and every BMC still answers', async () => {
    const before = pidsByName(await daemon.list());
    const listed = await daemon.list();
    const text = inventoryText(libvirt.connectionUri, bmcs.slice(0, 3)).split('\n');
    text[3] = 'port = 70000';
    text[11] = 'adress = ::1';
    text[21] = 'password =';
    daemon.writeInventory(text.join('\n'));
    const { exitCode, stderr, stdout } = await daemon.vbmc('reload');
    expect(exitCode).toBe(5);
    expect(stdout).toBe('');
    for (const line of [4, 12, 22]) expect(stderr).toContain(`${daemon.inventoryFile}:${line}: `);
    printFigure('reload with errors on three lines, exit code', `${exitCode ?? 'none'}\n${stderr}`);
    const known = new Map(bmcs.map((one) => [one.name, one]));
    for (const { name, port } of listed) await firstAnswer({ ...(known.get(name) ?? bmc(0)), port });
    expect(pidsByName(await daemon.list())).toEqual(before);
    const status = JSON.parse((await daemon.vbmc('status', '--json')).stdout) as Record<string, unknown>;
    expect(status).toMatchObject({
      lastReload: { outcome: 'rejected' },
      bmcs: { byStatus: { running: 50 } },
    });
  });
});

test('a bad port among 20: 19 answer, 1 is listed as invalid with its reason', async () => {
  const bmcs = await planBmcs(names(20));
  const text = inventoryText(libvirt.connectionUri, bmcs).replace(
    `port = ${bmcs[7]?.port ?? 0}\n`,
    'port = 6230x\n',
  );
  const daemon = await startVbmcd(libvirt, text, { name: 'twenty' });
  const good = bmcs.filter((_, index) => index !== 7);
  const listed = await daemon.running(...good.map(({ name }) => name));
  for (const bmc of good) await firstAnswer(bmc);
  const invalid = listed.filter(({ status }) => status === 'invalid');
  expect(invalid).toMatchObject([{ name: 'node-7', pid: null }]);
  expect(invalid[0]?.reason).toMatch(
    /domains\.ini:[0-9]+: \[node-7\] port: 6230x is not a UDP port \(1-65535\)/,
  );
  printFigure('start with a bad port among 20', `${good.length} answer; ${invalid[0]?.reason ?? ''}`);
  await daemon.stop();
});
