/** All BMCs of the inventory, valid or not. */
import type { BmcDetail } from '../status/bmc-detail.ts';
import type { BmcListing } from '../status/bmc-listing.ts';
import type { BmcSessions } from '../status/bmc-sessions.ts';
import {
  closeSessionOf,
  connectionsOf,
  describeMember,
  resetUsersOf,
  figuresOf,
  listMembers,
  sessionsOf,
  supervised,
  type FleetConnection,
  type FleetFigure,
  type Member,
  type Members,
} from './fleet-answers.ts';
import { PortReleases } from './port-releases.ts';
import { planReload, type PlannedBmc, type ReloadPlan } from './reload-plan.ts';
import type { ReloadProblem } from './reload-result.ts';
import { startInOrder } from './start-in-order.ts';
import { SupervisedBmc, type SessionEnd, type UserReset } from './supervised-bmc.ts';
import { untilAddressKnown } from '../worker/address-link.ts';
import type { Dependencies } from '../worker/dependencies.ts';

export class Fleet {
  readonly #dependencies: Dependencies;
  #members: Members;
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

  /** The BMCs without errors. */
  get names(): readonly string[] {
    return this.#supervised().map(({ planned }) => planned.configuration.name);
  }

  get connections(): readonly FleetConnection[] {
    return connectionsOf(this.#members);
  }

  /** How many BMCs should run. */
  get activeCount(): number {
    return this.#supervised().filter(({ planned }) => planned.active).length;
  }

  /** Starts every active BMC; resolves when they answer or fail, or when a stop came in between. */
  async start(): Promise<void> {
    const active = this.#supervised().filter(({ planned }) => planned.active);
    await this.#startAll(active, new PortReleases());
  }

  /**
   * Changes the BMCs that differ from `present`, which has a listing for what does not apply, and leaves the others alone. A BMC starts when its own worker has ended
   * and its port is free: a worker that does not stop holds up no other BMC. Resolves when every started BMC answers, has
   * failed or takes too long, and every stopped one has ended or takes too long.
   */
  async apply(
    present: readonly (PlannedBmc | BmcListing)[],
  ): Promise<{ plan: ReloadPlan; problems: ReloadProblem[] }> {
    const wanted = present.filter((one) => 'configuration' in one);
    // Whoever reloads may have changed what a name means.
    this.#dependencies.hostNames?.askAgain();
    const before = new Map(this.#supervised().map((member) => [member.planned.configuration.name, member]));
    const plan = planReload(
      [...before.values()].map(({ planned }) => planned),
      wanted,
    );
    this.#members = new Map<string, Member | BmcListing>(
      present.map((one) =>
        'configuration' in one ? this.#member(one, before.get(one.configuration.name)?.bmc) : [one.name, one],
      ),
    );

    const releases = this.#stopFor(plan, before);
    const updating = this.#update(new Set(plan.updated));
    const coming = new Set([...plan.added, ...plan.changed, ...plan.started]);
    const starting = this.#supervised().filter(
      ({ planned }) => planned.active && coming.has(planned.configuration.name),
    );
    const overdue = releases.overdue(this.#dependencies.clock);
    await this.#startAll(starting, releases);
    const asked = new Set([...starting.map(({ bmc }) => bmc), ...(await overdue)]);
    return { plan, problems: [...[...asked].flatMap(problemOf), ...(await updating)] };
  }

  /** Resolves when no worker is left but those that do not end though they were killed: with these. */
  async stop(): Promise<readonly BmcListing[]> {
    this.#stopping = true;
    const left = await Promise.all(
      this.#all().map(async (bmc) => ((await bmc.stopIfPossible()) ? [] : [bmc.brief()])),
    );
    return left.flat();
  }

  /** Kills the workers that were asked to stop and have not. */
  skipGracePeriod(): void {
    for (const bmc of this.#all()) bmc.skipGracePeriod();
  }

  /** In the order of the inventory, then removed ones that do not end; takes at most the deadline of one worker. */
  async list(): Promise<readonly BmcListing[]> {
    return listMembers(this.#members, this.#leaving);
  }

  /** `undefined`: the inventory has no such BMC. */
  async describe(name: string): Promise<BmcDetail | undefined> {
    return describeMember(this.#members, name);
  }

  /** The open sessions of all BMCs, or of one; `undefined`: the inventory has no such BMC. */
  async sessions(name: string | undefined): Promise<readonly BmcSessions[] | undefined> {
    return sessionsOf(this.#members, name);
  }

  /** Ends a session for an operator. */
  async closeSession(name: string, session: string, by: string): Promise<SessionEnd | 'noBmc'> {
    return closeSessionOf(this.#members, { name, session, by });
  }

  /** Removes the users that clients have made, for an operator. */
  async resetUsers(name: string, by: string): Promise<UserReset | 'noBmc'> {
    return resetUsersOf(this.#members, name, by);
  }

  figures(): readonly FleetFigure[] {
    return figuresOf(this.#members);
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

  /** Stops what the plan removes, changes or stops; each of the others gets its new configuration when it has ended. */
  #stopFor(plan: ReloadPlan, before: ReadonlyMap<string, Member>): PortReleases {
    const releases = new PortReleases();
    for (const name of plan.removed) {
      const member = before.get(name);
      if (member === undefined) continue;
      releases.add(member.bmc, member.planned.configuration, this.#remove(name, member.bmc));
    }
    const touched = new Set([...plan.changed, ...plan.started, ...plan.stopped]);
    for (const { planned, bmc } of this.#supervised()) {
      const { configuration } = planned;
      const old = before.get(configuration.name);
      if (old === undefined || !touched.has(configuration.name)) continue;
      const ended = bmc.stop().then(() => {
        // That of a later reload, if there was one meanwhile.
        const present = this.#supervised().find((one) => one.bmc === bmc);
        if (present !== undefined) bmc.reconfigure(present.planned.configuration);
      });
      releases.add(bmc, old.planned.configuration, ended);
    }
    return releases;
  }

  async #remove(name: string, bmc: SupervisedBmc): Promise<void> {
    this.#leaving.add(bmc);
    // At once: a later reload may add another BMC of that name before this one has ended.
    this.#forget(name);
    await bmc.stop();
    this.#leaving.delete(bmc);
    // What its worker has still asked for.
    if (!this.#members.has(name)) this.#forget(name);
    await this.#dependencies.eventLogs?.keepTidy(() => [...this.#members.keys()]);
  }

  #forget(name: string): void {
    this.#dependencies.meter.forget(name);
    this.#dependencies.guessingSources?.forget(name);
    this.#dependencies.owedStarts?.bmcRemoved(name);
    this.#dependencies.ipmiUsers?.bmcRemoved(name);
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

  async #startAll(members: readonly Member[], releases: PortReleases): Promise<void> {
    const configurations = new Map(members.map(({ planned, bmc }) => [bmc, planned.configuration]));
    await startInOrder([...configurations.keys()], {
      clock: this.#dependencies.clock,
      // A later reload may have decided otherwise meanwhile.
      isCancelled: (bmc) =>
        this.#stopping || !this.#supervised().some((one) => one.bmc === bmc && one.planned.active),
      untilPossible: (bmc) => {
        const configuration = configurations.get(bmc);
        if (configuration === undefined) return undefined;
        const free = releases.untilFree(bmc, configuration);
        const known = untilAddressKnown(configuration.address, this.#dependencies);
        return known === undefined ? free : Promise.all([free, known]).then(() => undefined);
      },
    });
  }

  #all(): readonly SupervisedBmc[] {
    return [...this.#supervised().map(({ bmc }) => bmc), ...this.#leaving];
  }

  #supervised(): readonly Member[] {
    return supervised(this.#members);
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
