/** Worker and vbmcd are killed while clients and libvirt change the device; what was acknowledged is there, once and whole. */
import { setTimeout as sleep } from 'node:timers/promises';
import { startLab, type Lab } from '#lab/lab.ts';
import { launchVbmcd, type Vbmcd } from '#lab/vbmcd.ts';
import { SeededRandom } from '#support/seeded-random.ts';
import type { Part } from './part.ts';
import { LoadedBmc, type Round } from './loaded-bmc.ts';
import { ageLog, storedLog } from './stored-log.ts';

/** The default of `sel_records`. */
const CAPACITY = 512;
const DOMAINS = 2;
/** The load works for so long before a kill. */
const SHORTEST_LOAD_MS = 200;
const MORE_LOAD_MS = 3_000;
/** A killed worker answers nobody after this. */
const LAST_ANSWER_MS = 300;
/** Ids begin again soon, and a whole hour is nearly over. */
const aged = { lastId: 0xfffe - 1_500, operatingSeconds: 3_600 - 20 } as const;

export const surviveKills: Part = async (context, { seed, kills }) => {
  const { print, report, unlessInterrupted } = context;
  print(`seed ${seed}`);
  const random = new SeededRandom(seed);
  const lab = await startLab({ domains: DOMAINS, vbmcd: { inventoryKeys: { user_changes: 'yes' } } });
  try {
    const scene = new Scene(lab, random);
    await unlessInterrupted(scene.age());
    for (let kill = 1; kill <= kills; kill += 1) {
      const whom = kill % 2 === 1 ? 'worker' : 'vbmcd';
      const isSound = await report.step(`kill ${kill}: ${whom}`, () =>
        unlessInterrupted(scene.killUnderLoad(whom)),
      );
      // What is to be there is not known any more.
      if (!isSound) return;
    }
    for (const whom of ['worker', 'vbmcd'] as const)
      await report.step(`${whom} at rest: ipmitool`, () => unlessInterrupted(scene.killAtRest(whom)));
    await report.step('in all', () => Promise.resolve(scene.figures()));
  } finally {
    await lab.stop();
  }
};

class Scene {
  readonly #lab: Lab;
  readonly #random: SeededRandom;
  readonly #bmcs: readonly LoadedBmc[];
  #vbmcd: Vbmcd;

  constructor(lab: Lab, random: SeededRandom) {
    this.#lab = lab;
    this.#random = random;
    this.#vbmcd = lab.vbmcd;
    this.#bmcs = Array.from({ length: DOMAINS }, (_, index) => new LoadedBmc(lab, index, CAPACITY, random));
  }

  async age(): Promise<void> {
    const { libvirt } = this.#lab;
    for (const { name } of this.#bmcs) {
      await libvirt.virsh('start', name);
      await libvirt.virsh('destroy', name);
    }
    await this.#vbmcd.stop();
    for (const { name } of this.#bmcs) ageLog(this.#lab, name, aged);
    await this.#launch();
    // Ids of before would seem to be later ones.
    for (const { name } of this.#bmcs) await this.#ipmitool(name, ['sel', 'clear']);
  }

  async killUnderLoad(whom: 'worker' | 'vbmcd'): Promise<string> {
    const rounds = this.#bmcs.map((one): readonly [LoadedBmc, Round] => [one, one.begin()]);
    try {
      return await this.#killIn(rounds, whom);
    } finally {
      // Nobody goes on after a failure.
      await Promise.allSettled(rounds.map(async ([, round]) => round.end()));
    }
  }

  async #killIn(rounds: readonly (readonly [LoadedBmc, Round])[], whom: 'worker' | 'vbmcd'): Promise<string> {
    const loadMs = SHORTEST_LOAD_MS + this.#random.below(MORE_LOAD_MS);
    await sleep(loadMs);
    const victim = this.#bmcs[this.#random.below(this.#bmcs.length)]?.name ?? '';
    const isHit = ({ name }: LoadedBmc): boolean => whom === 'vbmcd' || name === victim;
    const startedAt = performance.now();
    await this.#kill(whom, victim);
    const killedAt = performance.now();
    await sleep(LAST_ANSWER_MS);
    await Promise.all(rounds.filter(([one]) => isHit(one)).map(async ([, round]) => round.cut()));
    if (whom === 'vbmcd') await this.#launch();
    else await this.#vbmcd.running();
    const backMs = performance.now() - startedAt;
    for (const [one, round] of rounds) {
      const unanswered = await round.end();
      if (unanswered > 0 && !isHit(one)) throw new Error(`${one.name} did not answer, too`);
    }
    for (const one of this.#bmcs)
      await one.compare(isHit(one), whom === 'vbmcd' ? killedAt : undefined).catch((error: unknown) => {
        throw new Error(`${one.name}: ${String(error)}`, { cause: error });
      });
    const who = whom === 'worker' ? `${whom} of ${victim}` : whom;
    return `${who} after ${loadMs} ms of load, checked to be back after ${Math.round(backMs)} ms; ${this.#sum('added')} records`;
  }

  /** Nothing happens meanwhile: what ipmitool prints is the same, and users with changed passwords log in. */
  async killAtRest(whom: 'worker' | 'vbmcd'): Promise<string> {
    const before = await this.#printed();
    await this.#kill(whom, this.#bmcs[0]?.name ?? '');
    if (whom === 'vbmcd') await this.#launch();
    else await this.#vbmcd.running();
    const after = await this.#printed();
    if (after !== before) throw new Error(`not the same: ${firstDifference(before, after)}`);
    let logins = 0;
    for (const { name, users } of this.#bmcs)
      for (const who of users.complete()) {
        await this.#ipmitool(name, ['mc', 'info'], { ...who, privilegeLevel: 'USER' });
        logins += 1;
      }
    return `${before.split('\n').length} lines of sel list, sel info, user list and poh are the same; ${logins} users made by IPMI logged in`;
  }

  figures(): string {
    const { logins, changes } = this.#bmcs.reduce(
      (sum, { users }) => ({
        logins: sum.logins + users.acknowledged.logins,
        changes: sum.changes + users.acknowledged.changes,
      }),
      { logins: 0, changes: 0 },
    );
    const counts = (['added', 'deleted', 'cleared', 'timesSet', 'staleRefused'] as const).map(
      (what) => `${what} ${this.#sum(what)}`,
    );
    const unanswered = this.#bmcs.reduce(
      (sum, { log, users }) => sum + log.acknowledged.unanswered + users.acknowledged.unanswered,
      0,
    );
    const hours = this.#bmcs.map(({ name, hours: { told } }) => {
      const { notes } = storedLog(this.#lab, name);
      return `${name} ${told} h (stored ${notes.operatingSeconds} s, last id ${notes.lastId})`;
    });
    const reads = this.#bmcs.reduce((sum, one) => sum + one.hours.reads, 0);
    const power = this.#bmcs.reduce((sum, one) => sum + one.power.total, 0);
    return [
      `log: ${counts.join(', ')}; users: ${changes} changes, ${logins} logins; ${unanswered} changes cut off`,
      `${power} starts and stops; POH read ${reads} times: ${hours.join(', ')}`,
    ].join('; ');
  }

  async #printed(): Promise<string> {
    const texts: string[] = [];
    for (const { name } of this.#bmcs)
      for (const args of ['sel list', 'sel info', 'user list 1', 'chassis poh'])
        texts.push(await this.#ipmitool(name, args.split(' ')));
    return texts.join('');
  }

  async #ipmitool(name: string, args: readonly string[], who = {}): Promise<string> {
    const bmc = this.#bmcs.find((one) => one.name === name)?.bmc ?? this.#lab.bmc(0);
    const { exitCode, stdout, stderr } = await this.#lab.ipmitool(bmc, args, who);
    if (exitCode !== 0) throw new Error(`ipmitool ${args.join(' ')} on ${name}: ${stderr || stdout}`);
    return stdout;
  }

  async #kill(whom: 'worker' | 'vbmcd', name: string): Promise<void> {
    if (whom === 'vbmcd') {
      await this.#vbmcd.stop('SIGKILL');
      return;
    }
    const worker = (await this.#vbmcd.list()).find((listed) => listed.name === name);
    if (typeof worker?.pid !== 'number') throw new Error(`${name} has no worker`);
    process.kill(worker.pid, 'SIGKILL');
  }

  async #launch(): Promise<void> {
    this.#vbmcd = launchVbmcd(this.#lab.libvirt, undefined);
    await this.#vbmcd.running();
  }

  #sum(what: keyof LoadedBmc['log']['acknowledged']): number {
    return this.#bmcs.reduce((sum, { log }) => sum + log.acknowledged[what], 0);
  }
}

function firstDifference(before: string, after: string): string {
  const [lines, others] = [before.split('\n'), after.split('\n')];
  const at = lines.findIndex((line, index) => line !== others[index]);
  return `line ${at + 1} was "${lines[at] ?? ''}" and is "${others[at] ?? ''}"`;
}
