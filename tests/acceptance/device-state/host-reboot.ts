/**
 * A host that loses its power: vbmcd, libvirtd and the domains end at once, /run is empty, and the kernel has another boot id. Files
 * that were written long enough before are there.
 */
import { randomUUID } from 'node:crypto';
import { readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { startLab, type Lab } from '#lab/lab.ts';
import { qemuPid } from '#lab/qemu-process.ts';
import { launchVbmcd, type Vbmcd } from '#lab/vbmcd.ts';
import { waitFor } from '#support/wait-for.ts';
import type { Part } from './part.ts';
import { ageLog, storedLog } from './stored-log.ts';

const NAME = 'node-0';
/** The event log is on the disk 2 s after a change at the latest. */
const SYNCED_MS = 2_500;
const HOST_IS_OFF_MS = 6_000;
const DOMAIN_RUNS_MS = 5_000;
/** The domain has run so long before all this: a whole hour is nearly over. */
const OPERATING_SECONDS = 3_600 - 3;
const madeUser = { user: 'made', password: 'by IPMI' } as const;

/** Whether the host's vbmcd starts the domain again. */
type Policy = 'always-off' | 'previous';

export const rebootHost: Part = async ({ report, unlessInterrupted }) => {
  const lab = await startLab({
    vbmcd: { args: ['--boot-id', randomUUID()], inventoryKeys: { user_changes: 'yes' } },
  });
  try {
    const host = new Host(lab);
    await report.step('before', () => unlessInterrupted(host.prepare()));
    for (const policy of ['always-off', 'previous'] as const)
      await report.step(`reboot, policy ${policy}`, () => unlessInterrupted(host.reboot(policy)));
  } finally {
    await lab.stop();
  }
};

class Host {
  readonly #lab: Lab;
  #vbmcd: Vbmcd;

  constructor(lab: Lab) {
    this.#lab = lab;
    this.#vbmcd = lab.vbmcd;
  }

  /** Records of all sorts, a user, a clock of its own, and hours. */
  async prepare(): Promise<string> {
    await this.#domainRuns(() => Promise.resolve());
    await this.#vbmcd.stop();
    ageLog(this.#lab, NAME, { operatingSeconds: OPERATING_SECONDS });
    await this.#launch();
    for (const args of [
      ['event', '1'],
      ['sel', 'time', 'set', '01/01/30 00:00:00'],
      ['user', 'set', 'name', '4', madeUser.user],
      ['user', 'set', 'password', '4', madeUser.password, '16'],
      ['user', 'priv', '4', '4', '1'],
      ['user', 'enable', '4'],
    ])
      await this.#ipmitool(...args);
    return `${(await this.#records()).length} records, ${OPERATING_SECONDS} s of operation, a user made by IPMI`;
  }

  async reboot(policy: Policy): Promise<string> {
    await this.#ipmitool('chassis', 'policy', policy);
    const seenBefore = storedLog(this.#lab, NAME).notes.operatingSeconds;
    const startedAt = performance.now();
    await this.#lab.libvirt.virsh('start', NAME);
    await sleep(DOMAIN_RUNS_MS);
    const hours = await this.#hours();
    const records = await this.#records();
    await sleep(SYNCED_MS);
    const ranMs = performance.now() - startedAt;
    await this.#losePower();
    await sleep(HOST_IS_OFF_MS);
    await this.#lab.libvirt.daemon.start();
    await this.#launch();

    const expected = ['off', ...(policy === 'previous' ? ['boot', 'on'] : [])];
    const added = await waitFor(`the log to tell ${expected.join(', ')}`, async () => {
      const now = await this.#records();
      if (now.slice(0, records.length).join('\n') !== records.join('\n'))
        throw new Error(`before:\n${records.join('\n')}\nafter:\n${now.join('\n')}`);
      const news = now.slice(records.length);
      if (news.map(wordOf).join() !== expected.join()) throw new Error(news.join('\n') || 'nothing new');
      return news;
    });
    const hoursAfter = await this.#hours();
    if (hoursAfter < hours) throw new Error(`${hoursAfter} power-on hours after ${hours}`);
    await this.#ipmitoolAs(madeUser, 'mc', 'info');
    if (!(await this.#ipmitool('sel', 'time', 'get')).includes('01/01/30 '))
      throw new Error('the clock of the log is another');
    await this.#lab.waitForDomstate(NAME, policy === 'previous' ? 'running' : 'shut off');
    if (policy === 'previous') await this.#lab.libvirt.virsh('destroy', NAME);
    const counted = await this.#countOneRun(seenBefore, ranMs);
    return `${records.length} records as before, then ${added.length}: ${expected.join(', ')}; ${hoursAfter} h as before or later; user and clock as before; ${counted}`;
  }

  /** The time that the host was off is not in the count, and what is counted was seen. */
  async #countOneRun(seenBefore: number, ranMs: number): Promise<string> {
    await waitFor(
      'the domain to be seen off',
      async () => (await this.#vbmcd.list())[0]?.powerState === 'off',
    );
    const afterReboot = storedLog(this.#lab, NAME).notes.operatingSeconds;
    const most = seenBefore + Math.ceil(ranMs / 1_000) + MOST_STARTING_S;
    if (afterReboot < seenBefore || afterReboot > most)
      throw new Error(
        `${afterReboot} s of operation, ${seenBefore} s before and ${Math.round(ranMs / 1_000)} s seen`,
      );
    const ranS = await this.#domainRuns(async () => sleep(DOMAIN_RUNS_MS));
    const after = await waitFor('the run to be stored', () => {
      const { operatingSeconds } = storedLog(this.#lab, NAME).notes;
      return operatingSeconds > afterReboot ? operatingSeconds : undefined;
    });
    if (Math.abs(after - afterReboot - ranS) > 2)
      throw new Error(`${after - afterReboot} s counted, ${ranS.toFixed(1)} s seen`);
    return `${seenBefore} s of operation stored before, ${afterReboot} s after; a run of ${ranS.toFixed(1)} s counts ${after - afterReboot} s`;
  }

  async #domainRuns(meanwhile: () => Promise<void>): Promise<number> {
    await this.#lab.libvirt.virsh('start', NAME);
    const startedAt = performance.now();
    await meanwhile();
    await this.#lab.libvirt.virsh('destroy', NAME);
    return (performance.now() - startedAt) / 1_000;
  }

  async #losePower(): Promise<void> {
    const { libvirt } = this.#lab;
    const qemu = qemuPid(this.#lab, NAME);
    const daemon = libvirt.daemon.pid();
    const ended = this.#vbmcd.stop('SIGKILL');
    process.kill(daemon, 'SIGKILL');
    process.kill(qemu, 'SIGKILL');
    await ended;
    await libvirt.daemon.stop('SIGKILL').catch(() => undefined);
    for (const directory of [this.#vbmcd.runDirectory, libvirt.environment['XDG_RUNTIME_DIR'] ?? ''])
      for (const name of readdirSync(directory)) rmSync(join(directory, name), { recursive: true });
  }

  async #launch(): Promise<void> {
    this.#vbmcd = launchVbmcd(this.#lab.libvirt, undefined, { args: ['--boot-id', randomUUID()] });
    await this.#vbmcd.running();
  }

  async #records(): Promise<readonly string[]> {
    return (await this.#ipmitool('sel', 'list')).split('\n').filter((line) => line.includes('|'));
  }

  async #hours(): Promise<number> {
    const text = await this.#ipmitool('chassis', 'poh');
    const [, days, hours] = /(\d+) days, (\d+) hours/.exec(text) ?? [];
    if (days === undefined) throw new Error(text);
    return Number(days) * 24 + Number(hours);
  }

  async #ipmitool(...args: readonly string[]): Promise<string> {
    return this.#ipmitoolAs({}, ...args);
  }

  async #ipmitoolAs(
    who: { readonly user?: string; readonly password?: string },
    ...args: readonly string[]
  ): Promise<string> {
    const { exitCode, stdout, stderr } = await this.#lab.ipmitool(this.#lab.bmc(0), args, who);
    if (exitCode !== 0) throw new Error(`ipmitool ${args.join(' ')}: ${stderr || stdout}`);
    return stdout;
  }
}

/** A domain that is started by policy after the reboot runs until it is destroyed. */
const MOST_STARTING_S = 10;

function wordOf(record: string): string {
  if (record.includes('S0/G0: working')) return 'on';
  if (record.includes('Initiated by power up')) return 'boot';
  return /S4\/S5|S5/.test(record) ? 'off' : record;
}
