/** All BMCs of the inventory, valid or not. */
import { noGauges, type BmcGauges } from '@vbmc/bmc-worker/ipc';
import type { BmcDetail } from '../status/bmc-detail.ts';
import type { BmcListing } from '../status/bmc-listing.ts';
import { planReload, type PlannedBmc, type ReloadPlan } from './reload-plan.ts';
import type { ReloadProblem } from './reload-result.ts';
import { startInOrder } from './start-in-order.ts';
import { SupervisedBmc } from './supervised-bmc.ts';
import { ANSWER_DEADLINE_MS } from '../supervision/supervision-times.ts';
import type { Dependencies } from '../worker/dependencies.ts';

interface Member {
  readonly planned: PlannedBmc;
  readonly bmc: SupervisedBmc;
}

/** What metrics and counts are made of; known without asking a worker. */
export interface FleetFigure extends BmcGauges {
  readonly listing: BmcListing;
}

export class Fleet {
  readonly #dependencies: Dependencies;
  /** In the order of the inventory; an invalid entry has a listing only. */
  #members: ReadonlyMap<string, Member | BmcListing>;
  /** Removed from the inventory, and not stopped yet. */
  readonly #leaving = new Set<SupervisedBmc>();
  #stopping = false;

  /** `wanted` in the order of the inventory, with a listing for an invalid entry. */
  constructor(wanted: readonly (PlannedBmc | BmcListing)[], dependencies: Dependencies) {
    this.#dependencies = dependencies;
    this.#members = new Map<string, Member | BmcListing>(
      wanted.map((one) => ('configuration' in one ? this.#member(one) : [one.name, one])),
    );
  }

  /** How many BMCs should run. */
  get activeCount(): number {
    return this.#supervised().filter(({ planned }) => planned.active).length;
  }

  /** Starts every active BMC; resolves when they answer or fail, or when a stop came in between. */
  async start(): Promise<void> {
    const active = this.#supervised().filter(({ planned }) => planned.active);
    await this.#startAll(active.map(({ bmc }) => bmc));
  }

  /**
   * Changes the BMCs that differ from `wanted` and leaves the others alone. Stops come before starts, so that a start
   * can use a port that a stop has freed. Resolves when every started BMC answers, has failed or takes too long.
   */
  async apply(wanted: readonly PlannedBmc[]): Promise<{ plan: ReloadPlan; problems: ReloadProblem[] }> {
    const before = new Map(this.#supervised().map((member) => [member.planned.configuration.name, member]));
    const plan = planReload(
      [...before.values()].map(({ planned }) => planned),
      wanted,
    );
    const bmcsOf = (names: readonly string[]): readonly SupervisedBmc[] =>
      names.flatMap((name) => before.get(name)?.bmc ?? []);
    this.#members = new Map(wanted.map((one) => this.#member(one, before.get(one.configuration.name)?.bmc)));

    const removing = plan.removed.map((name) => this.#remove(name, bmcsOf([name])));
    const stopping = bmcsOf([...plan.changed, ...plan.stopped]).map((bmc) => bmc.stop());
    const touched = new Set([...plan.changed, ...plan.started, ...plan.stopped]);
    const updating = this.#update(new Set(plan.updated));
    await Promise.all([...removing, ...stopping]);
    for (const { planned, bmc } of this.#supervised()) {
      if (touched.has(planned.configuration.name)) bmc.reconfigure(planned.configuration);
    }
    const coming = new Set([...plan.added, ...plan.changed, ...plan.started]);
    const starting = this.#supervised().filter(
      ({ planned }) => planned.active && coming.has(planned.configuration.name),
    );
    await this.#startAll(starting.map(({ bmc }) => bmc));
    return { plan, problems: [...starting.flatMap(({ bmc }) => problemOf(bmc)), ...(await updating)] };
  }

  /** Resolves when no worker is left. */
  async stop(): Promise<void> {
    this.#stopping = true;
    await Promise.all(this.#all().map((bmc) => bmc.stop()));
  }

  /** Kills the workers that were asked to stop and have not. */
  skipGracePeriod(): void {
    for (const bmc of this.#all()) bmc.skipGracePeriod();
  }

  /** In the order of the inventory; takes at most the deadline of one worker. */
  async list(): Promise<readonly BmcListing[]> {
    return Promise.all(
      [...this.#members.values()].map(async (member) =>
        'bmc' in member ? member.bmc.list(ANSWER_DEADLINE_MS) : member,
      ),
    );
  }

  /** `undefined`: the inventory has no such BMC. */
  async describe(name: string): Promise<BmcDetail | undefined> {
    const member = this.#members.get(name);
    if (member === undefined) return undefined;
    if ('bmc' in member) return member.bmc.describe(ANSWER_DEADLINE_MS);
    const nothing = { failedLogins: [], domainActions: [], virshCalls: [], restartCauses: [] };
    return {
      ...member,
      configuration: null,
      workerStartedAt: null,
      sessions: null,
      strangers: null,
      power: null,
      ...nothing,
    };
  }

  figures(): readonly FleetFigure[] {
    return [...this.#members.values()].map((member) =>
      'bmc' in member
        ? { listing: member.bmc.brief(), ...member.bmc.gauges }
        : { listing: member, ...noGauges },
    );
  }

  /** The longest time since a running worker was pinged. */
  get sinceLastPingMs(): number {
    return Math.max(0, ...this.#supervised().map(({ bmc }) => bmc.sinceLastPingMs));
  }

  #member(planned: PlannedBmc, bmc?: SupervisedBmc): [string, Member] {
    const { configuration } = planned;
    return [
      configuration.name,
      { planned, bmc: bmc ?? new SupervisedBmc(configuration, this.#dependencies) },
    ];
  }

  async #remove(name: string, bmcs: readonly SupervisedBmc[]): Promise<void> {
    for (const bmc of bmcs) {
      this.#leaving.add(bmc);
      await bmc.stop();
      this.#leaving.delete(bmc);
    }
    this.#dependencies.meter.forget(name);
  }

  async #update(names: ReadonlySet<string>): Promise<ReloadProblem[]> {
    const updated = this.#supervised().filter(({ planned }) => names.has(planned.configuration.name));
    const problems = await Promise.all(
      updated.map(async ({ planned, bmc }) => {
        if (await bmc.updateUsers(planned.configuration)) return [];
        const { name, status } = bmc.brief();
        return [
          { name, status, reason: 'its worker has not confirmed the new users yet', awaitsAddress: false },
        ];
      }),
    );
    return problems.flat();
  }

  async #startAll(bmcs: readonly SupervisedBmc[]): Promise<void> {
    await startInOrder(bmcs, () => this.#stopping);
  }

  #all(): readonly SupervisedBmc[] {
    return [...this.#supervised().map(({ bmc }) => bmc), ...this.#leaving];
  }

  #supervised(): readonly Member[] {
    return [...this.#members.values()].filter((member) => 'bmc' in member);
  }
}

function problemOf(bmc: SupervisedBmc): ReloadProblem[] {
  const { name, status, reason } = bmc.brief();
  if (status === 'running') return [];
  return [
    {
      name,
      status,
      reason: reason ?? 'its worker has not reported ready yet',
      awaitsAddress: bmc.awaitsAddress,
    },
  ];
}
