/** What is told of all BMCs: lists, details, sessions and figures. */
import { noGauges, type BmcGauges } from '@vbmc/bmc-worker/ipc';
import type { VirshConnection } from '@vbmc/bmc-worker/libvirt';
import type { BmcDetail } from '../status/bmc-detail.ts';
import type { BmcListing } from '../status/bmc-listing.ts';
import type { BmcSessions } from '../status/bmc-sessions.ts';
import type { Sensed } from '../status/sensed.ts';
import { ANSWER_DEADLINE_MS } from '../supervision/supervision-times.ts';
import type { PlannedBmc } from './reload-plan.ts';
import type { SessionEnd, SupervisedBmc, UserReset } from './supervised-bmc.ts';

export interface Member {
  readonly planned: PlannedBmc;
  readonly bmc: SupervisedBmc;
}

/** By name, in the order of the inventory; an invalid entry has a listing only. */
export type Members = ReadonlyMap<string, Member | BmcListing>;

/** What metrics and counts are made of; known without asking a worker. */
export interface FleetFigure extends BmcGauges {
  readonly listing: BmcListing;
  readonly unansweredCalls: number;
  readonly sensed: Sensed;
  /** `undefined` while it is not known. */
  readonly eventLogEntries: number | undefined;
}

/** `mayList`: libvirt owes no answer about a domain of it. */
export type FleetConnection = VirshConnection & { readonly mayList: boolean };

/** The BMCs without errors. */
export function supervised(members: Members): readonly Member[] {
  return [...members.values()].filter((member) => 'bmc' in member);
}

/** The connections of the BMCs without errors, each once. */
export function connectionsOf(members: Members): readonly FleetConnection[] {
  const connections = new Map<string, FleetConnection>();
  for (const { planned, bmc } of supervised(members)) {
    const { connectionUri, libvirtAuthFile } = planned.configuration;
    const mayList = bmc.brief().unanswered === null && connections.get(connectionUri)?.mayList !== false;
    connections.set(connectionUri, { connectionUri, libvirtAuthFile, mayList });
  }
  return [...connections.values()];
}

function noticed<T extends BmcListing>({ planned }: Member, listing: T): T {
  return planned.notice === undefined ? listing : { ...listing, warning: planned.notice };
}

/** `leaving`: removed from the inventory, and not stopped yet; those that do not end come last. */
export async function listMembers(
  members: Members,
  leaving: Iterable<SupervisedBmc>,
): Promise<readonly BmcListing[]> {
  const listings = [...members.values()].map(async (member) =>
    'bmc' in member ? noticed(member, await member.bmc.list(ANSWER_DEADLINE_MS)) : member,
  );
  const stuck = [...leaving]
    .map((bmc) => bmc.brief())
    .filter(({ name, reason }) => reason !== null && !members.has(name));
  return [...(await Promise.all(listings)), ...stuck];
}

/** `undefined`: the inventory has no such BMC. */
export async function describeMember(members: Members, name: string): Promise<BmcDetail | undefined> {
  const member = members.get(name);
  if (member === undefined) return undefined;
  if ('bmc' in member) return noticed(member, await member.bmc.describe(ANSWER_DEADLINE_MS));
  const nothing = { failedLogins: [], domainActions: [], virshCalls: [], restartCauses: [] };
  return {
    ...member,
    configuration: null,
    workerStartedAt: null,
    sessions: null,
    managedSave: null,
    strangers: null,
    power: null,
    listening: [],
    eventLog: null,
    unfinishedChange: null,
    ...nothing,
  };
}

/** The open sessions of all BMCs, or of one; `undefined`: the inventory has no such BMC. */
export async function sessionsOf(
  members: Members,
  name: string | undefined,
): Promise<readonly BmcSessions[] | undefined> {
  const chosen = name === undefined ? [...members.values()] : [members.get(name)];
  const found = chosen.filter((member) => member !== undefined);
  if (found.length < chosen.length) return undefined;
  return Promise.all(
    found.map(async (member) =>
      'bmc' in member
        ? {
            name: member.planned.configuration.name,
            sessions: await member.bmc.sessions(ANSWER_DEADLINE_MS),
          }
        : { name: member.name, sessions: null },
    ),
  );
}

/** Ends a session for an operator. */
export async function closeSessionOf(
  members: Members,
  { name, session, by }: { readonly name: string; readonly session: string; readonly by: string },
): Promise<SessionEnd | 'noBmc'> {
  const member = members.get(name);
  if (member === undefined) return 'noBmc';
  return 'bmc' in member ? member.bmc.closeSession(session, by, ANSWER_DEADLINE_MS) : 'noSession';
}

/** Removes the users that clients have made, for an operator. */
export async function resetUsersOf(members: Members, name: string, by: string): Promise<UserReset | 'noBmc'> {
  const member = members.get(name);
  if (member === undefined || !('bmc' in member)) return 'noBmc';
  return member.bmc.resetUsers(by);
}

export function figuresOf(members: Members): readonly FleetFigure[] {
  return [...members.values()].map((member) =>
    'bmc' in member
      ? {
          listing: noticed(member, member.bmc.brief()),
          unansweredCalls: member.bmc.unansweredCalls,
          sensed: member.bmc.sensed,
          eventLogEntries: member.bmc.eventLogEntries,
          ...member.bmc.gauges,
        }
      : { listing: member, unansweredCalls: 0, sensed: {}, eventLogEntries: undefined, ...noGauges },
  );
}
