/** One BMC and its domain with all that changes them. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { LabBmc } from '#lab/inventory-text.ts';
import type { Lab } from '#lab/lab.ts';
import type { SeededRandom } from '#support/seeded-random.ts';
import { waitFor } from '#support/wait-for.ts';
import { HoursLoad } from './hours-load.ts';
import { LogLoad, readLog } from './log-load.ts';
import { powerIn } from './log-record.ts';
import { PowerLoad, type PowerChange } from './power-load.ts';
import { Remote } from './remote.ts';
import { UserLoad } from './user-load.ts';

/** Of a client between two requests. */
const LONGEST_PAUSE_MS = 30;
/** The log is cleared in one of so many rounds. */
const ROUNDS_PER_CLEAR = 6;

export interface Round {
  /** Ends the clients of a BMC that was killed: nobody answers them any more. */
  cut(): Promise<void>;
  /** Ends everything; resolves with how many clients were not answered. Rejects with what a client found wrong. */
  end(): Promise<number>;
}

export class LoadedBmc {
  readonly name: string;
  readonly bmc: LabBmc;
  readonly log: LogLoad;
  readonly users: UserLoad;
  readonly power: PowerLoad;
  readonly hours = new HoursLoad();
  readonly #random: SeededRandom;

  constructor(lab: Lab, index: number, capacity: number, random: SeededRandom) {
    this.bmc = lab.bmc(index);
    this.name = this.bmc.name;
    this.#random = random;
    this.log = new LogLoad(index, capacity, random);
    this.users = new UserLoad(this.bmc, random);
    this.power = new PowerLoad(lab, this.name, random);
  }

  begin(): Round {
    const stopped = new AbortController();
    const clients: Remote[] = [];
    let unansweredClients = 0;
    const client = async (step: (remote: Remote) => Promise<boolean>): Promise<void> => {
      const remote = new Remote(this.bmc);
      clients.push(remote);
      if (!(await remote.open())) unansweredClients += 1;
      else
        while (!stopped.signal.aborted) {
          if (!(await step(remote))) {
            unansweredClients += 1;
            return;
          }
          await sleep(this.#random.below(LONGEST_PAUSE_MS));
        }
      await remote.close();
    };
    let toClear = this.#random.below(ROUNDS_PER_CLEAR) === 0 ? this.#random.below(100) : Infinity;
    const ended = Promise.all([
      client((remote) => ((toClear -= 1) === 0 ? this.log.clear(remote) : this.log.change(remote))),
      client((remote) => this.users.change(remote)),
      client((remote) => this.hours.read(remote)),
      this.power.run(stopped.signal),
    ]);
    // Handled where the round ends.
    ended.catch(() => undefined);
    return {
      cut: async () => {
        await Promise.all(clients.map((remote) => remote.abandon()));
      },
      end: async () => {
        stopped.abort();
        await ended;
        return unansweredClients;
      },
    };
  }

  /**
   * Throws unless all that was acknowledged is there. `isHit`: its worker has ended. `killedAt`: of vbmcd; `undefined`: it lives, and
   * has seen every change.
   */
  async compare(isHit: boolean, killedAt: number | undefined): Promise<void> {
    const remote = new Remote(this.bmc);
    if (!(await remote.open())) throw new Error(`${this.name} does not answer`);
    if (isHit) await this.log.tryLostReservation(remote);
    await waitFor('the log to tell the power', async () => {
      const told = (await readLog(remote)).flatMap((record) => powerIn(record) ?? []).at(-1);
      return told === undefined || told === this.power.power;
    });
    const told = await this.log.compare(remote);
    await this.users.compare(remote);
    if (!(await this.hours.read(remote))) throw new Error('the power-on hours get no answer');
    await remote.close();
    comparePower(this.power.takeChanges(), told, killedAt);
  }
}

/** An event of libvirt is in the file soon after virsh has ended. */
const LATE_MS = 1_000;

function comparePower(
  changes: readonly PowerChange[],
  told: readonly ('on' | 'off')[] | undefined,
  killedAt: number | undefined,
): void {
  if (told === undefined) return;
  const certain =
    killedAt === undefined ? changes : changes.filter(({ endedAt }) => endedAt < killedAt - LATE_MS);
  const isTold = certain.every(({ power }, index) => told[index] === power);
  const isMore = killedAt === undefined ? told.length !== changes.length : told.length > changes.length;
  if (!isTold || isMore)
    throw new Error(`told: ${told.join(' ')}; happened: ${changes.map(({ power }) => power).join(' ')}`);
}
