/** The checks of `vbmc doctor`, each with its findings. */
import { stat } from 'node:fs/promises';
import { userInfo } from 'node:os';
import { dirname } from 'node:path';
import type { ParentDeath } from '@vbmc/bmc-worker/libvirt';
import { bindFinding, connectionRemedy, hostNameFinding, type Finding } from './finding.ts';
import { counted } from '../../text/counted.ts';
import { formatEndpoint } from '../../text/endpoint.ts';
import { formatSubject, fullMessage } from '../../inventory/diagnostic.ts';
import type { BmcSettings, Inventory } from '../../inventory/inventory.ts';
import { homeOf } from '../../host/home-of.ts';
import { parentDeathProblem } from '../../host/parent-death-problem.ts';
import { probeUdpPort } from '../../host/probe-udp-port.ts';
import { checkInventory, readInventoryFiles } from '../../inventory/read-inventory.ts';
import { unreadVirtualBmcs } from '../../inventory/unread-virtualbmcs.ts';
import { ownEnvironment } from '../../virtualbmc/find-directory.ts';
import type { ConnectionReport } from '../../virsh/connection-report.ts';
import type { SshUser } from '../../virsh/ssh-lines.ts';
import type { FailedAnswer, VirshQueries } from '../../virsh/virsh-query.ts';
import { lookUp } from '../../host/name-lookup.ts';
import type { ResolveName } from '../../host/resolve-name.ts';
import type { BmcListing } from '../../status/bmc-listing.ts';
import { isHostName } from '../../text/host-name.ts';
import { fetchListings } from '../control-client.ts';
import { ControlFailure } from '../errors.ts';
import { defaultPaths, howToStart } from '../paths.ts';
import type { AskedConnections } from './ask-connections.ts';
import { checkSshKeys } from './ssh-checks.ts';
import { unansweredEffect, unansweredText } from './unanswered-text.ts';
import { locateInventory, type InventoryChoice, type LiveInventory } from '../live-inventory.ts';

const OTHERS_MAY_WRITE = 0o002;

export async function checkVirsh(virsh: VirshQueries): Promise<Finding> {
  const answer = await virsh.version();
  if (answer.ok) return { severity: 'ok', subject: 'virsh', message: `version ${answer.text}` };
  const remedy =
    answer.kind === 'missing'
      ? 'install it: apt install libvirt-clients, or dnf install libvirt-client'
      : 'run virsh --version by hand, and fix what it reports';
  return { severity: 'error', subject: 'virsh', message: answer.reason, remedy };
}

export function checkSetpriv(known: ParentDeath): readonly Finding[] {
  const problem = parentDeathProblem(known);
  return problem === undefined ? [] : [{ severity: 'warning', subject: 'setpriv', ...problem }];
}

export interface DaemonCheck {
  readonly place: LiveInventory;
  /** Names of the BMCs whose worker has bound its port. */
  readonly running: ReadonlySet<string>;
  /** Names of the BMCs about whose domain libvirt owes an answer. */
  readonly unanswered: ReadonlySet<string>;
  /** Why BMCs have no socket, as vbmcd says, by their names. */
  readonly unbound: ReadonlyMap<string, string>;
  readonly findings: readonly Finding[];
}

const nothingKnown = {
  ...{ running: new Set<string>(), unanswered: new Set<string>() },
  unbound: new Map<string, string>(),
} as const;

export async function checkDaemon(options: InventoryChoice): Promise<DaemonCheck> {
  let place: LiveInventory;
  try {
    place = await locateInventory(options);
  } catch (error) {
    if (!(error instanceof ControlFailure)) throw error;
    const path = options.inventory ?? defaultPaths().inventory;
    const place = { path, live: false, virtualBmc: ownEnvironment() };
    return { place, ...nothingKnown, findings: [unreachable(error)] };
  }
  if (!place.live) {
    const message = `no running vbmcd uses ${place.path}`;
    const remedy = `start it (${howToStart(defaultPaths())}), or name its run directory with --run-dir`;
    return {
      place,
      ...nothingKnown,
      findings: [{ severity: 'warning', subject: 'vbmcd', message, remedy }],
    };
  }
  const listings = await fetchListings(options.runDir);
  const namesOf = (isMeant: (listing: BmcListing) => boolean): ReadonlySet<string> =>
    new Set(listings.filter(isMeant).map(({ name }) => name));
  const running = namesOf(({ status }) => status === 'running');
  const message = `running, ${running.size} of ${listings.length} BMCs answer`;
  const ok: Finding = { severity: 'ok', subject: 'vbmcd', message };
  return {
    place,
    running,
    unanswered: namesOf(({ unanswered }) => unanswered !== null),
    unbound: new Map(
      listings.flatMap(({ name, status, reason }) =>
        status === 'bindFailed' && reason !== null ? [[name, reason] as const] : [],
      ),
    ),
    findings: [ok, ...listings.flatMap(unansweredFinding), ...listings.flatMap(addressFinding)],
  };
}

function unansweredFinding({ name, domain, unanswered }: BmcListing): Finding[] {
  if (unanswered === null) return [];
  const message = `${unansweredText(unanswered)} about domain ${domain ?? '-'}; ${unansweredEffect(unanswered)}`;
  const startsSlowly =
    unanswered.call === 'start' ? 'wait, if it is a domain that takes long to start; otherwise ' : '';
  const remedy = `${startsSlowly}bring back the storage that the domain waits for, or end what holds it (virsh domjobabort, the process that hangs); do not restart vbmcd for this`;
  return [{ severity: 'warning', subject: `[${name}]`, message, remedy }];
}

/** A running BMC that does not answer on all that its `address` means. */
function addressFinding({ name, status, reason, address }: BmcListing): Finding[] {
  if (status !== 'running' || reason === null) return [];
  if (isHostName(address ?? '')) return [hostNameFinding('warning', `[${name}]`, address ?? '', reason)];
  const remedy = 'stop what has the port there, or choose another port or address';
  return [{ severity: 'warning', subject: `[${name}]`, message: reason, remedy }];
}

function unreachable({ message, remedy = 'see the log of vbmcd' }: ControlFailure): Finding {
  return { severity: 'error', subject: 'vbmcd', message, remedy };
}

export async function checkInventoryFiles({ path, virtualBmc }: LiveInventory): Promise<{
  readonly settings: readonly BmcSettings[];
  readonly findings: readonly Finding[];
}> {
  const files = await readInventoryFiles(path, { virtualBmc, mayBeMissing: true });
  const inventory = await checkInventory(files, 'commandLine');
  const { entries, diagnostics } = inventory;
  const unread = await checkVirtualBmc(inventory);
  if (!files.exists && files.virtualBmcs === undefined) {
    const remedy = 'create one with vbmc discover --write, or name another with --inventory';
    const none: Finding = { severity: 'error', subject: path, message: 'there is no inventory', remedy };
    return { settings: [], findings: [none, ...unread] };
  }
  const findings = diagnostics.map((diagnostic): Finding => {
    const { severity, remedy = 'correct the inventory, then check it with vbmc validate' } = diagnostic;
    return {
      severity,
      subject: formatSubject(path, diagnostic),
      message: fullMessage(diagnostic),
      remedy,
    };
  });
  const settings = entries.flatMap((entry) => (entry.valid ? [entry.settings] : []));
  const summary: Finding = {
    severity: 'ok',
    subject: path,
    message: `${settings.length} of ${entries.length} BMCs are valid`,
  };
  const directory = files.exists ? await checkDirectory(dirname(path)) : [];
  return { settings, findings: [summary, ...findings, ...unread, ...directory] };
}

/** In the home directory of the user who runs the doctor: vbmcd may not see it. */
async function checkVirtualBmc(inventory: Inventory): Promise<readonly Finding[]> {
  const problem = await unreadVirtualBmcs(inventory, ownEnvironment());
  return problem === undefined ? [] : [{ severity: 'warning', subject: 'VirtualBMC', ...problem }];
}

async function checkDirectory(directory: string): Promise<readonly Finding[]> {
  const { mode } = await stat(directory);
  if ((mode & OTHERS_MAY_WRITE) === 0) return [];
  const message = 'every user can replace the inventory in this directory';
  return [{ severity: 'warning', subject: directory, message, remedy: `chmod o-w ${directory}` }];
}

/**
 * Asks each connection once and all of them at the same time, so that one that hangs delays no other. A connection about whose
 * domains libvirt owes an answer is not asked for them: it would wait, and go on waiting when virsh is killed.
 */
export async function checkConnections(
  settings: readonly BmcSettings[],
  { report, user }: AskedConnections,
  unanswered: ReadonlySet<string>,
): Promise<readonly Finding[]> {
  const connectionUris = new Set(settings.map((bmc) => bmc.connectionUri));
  const findings = [...connectionUris].map(async (connectionUri): Promise<readonly Finding[]> => {
    const bmcs = settings.filter((bmc) => bmc.connectionUri === connectionUri);
    const hanging = bmcs.filter(({ name }) => unanswered.has(name)).map(({ domainName }) => domainName);
    const mayList = hanging.length === 0;
    const answer = await report(connectionUri, { credentials: bmcs[0]?.saslCredentials, mayList });
    if (answer !== undefined) return connectionFindings(answer, bmcs, { user: sshUserOf(user), hanging });
    const message = 'vbmcd does not use this connection yet';
    return [{ severity: 'warning', subject: connectionUri, message, remedy: 'apply it with vbmc reload' }];
  });
  const keys = checkSshKeys(connectionUris, sshUserOf(user));
  return (await Promise.all([...findings, keys])).flat();
}

function sshUserOf(name: string): SshUser {
  return { name, home: homeOf(name) ?? '~', isOwn: name === userInfo().username };
}

function connectionFindings(
  { connectionUri, domains: found, managing, managedSaves: saved }: ConnectionReport,
  bmcs: readonly BmcSettings[],
  { user: sshUser, hanging }: { readonly user: SshUser; readonly hanging: readonly string[] },
): readonly Finding[] {
  const user = sshUser.name;
  const refuse = (what: string, answer: FailedAnswer): Finding => {
    const remedy = connectionRemedy(connectionUri, answer, sshUser);
    return { severity: 'error', subject: connectionUri, message: `${what}: ${answer.reason}`, remedy };
  };
  if (found?.ok === false) return [refuse(`does not answer ${user}`, found)];
  if (!managing.ok && found === undefined)
    return [refuse(`does not let ${user} power its domains`, managing)];
  if (!managing.ok) return [refuse(`${user} may list its domains but not power them on and off`, managing)];
  if (found === undefined) {
    const which = hanging.length > 0 ? hanging.join(', ') : 'one of them';
    const message = `answers user ${user}; not asked for its domains, because it would wait for ${which}`;
    return [{ severity: 'warning', subject: connectionUri, message }];
  }
  const known = new Set(found.domains);
  const missing = bmcs.filter(({ domainName }) => !known.has(domainName));
  const resumed =
    saved?.ok === true ? bmcs.filter(({ domainName }) => saved.domains.includes(domainName)) : [];
  return [
    {
      severity: 'ok',
      subject: connectionUri,
      message: `answers user ${user}, ${counted(known.size, 'domain')}`,
    },
    ...resumed.map(managedSaveFinding),
    ...missing.map(({ name, domainName }): Finding => {
      const message = `there is no domain ${domainName} on ${connectionUri}`;
      const remedy = 'define the domain (virsh define), correct domain_name, or vbmc delete the BMC';
      return { severity: 'error', subject: `[${name}]`, message, remedy };
    }),
  ];
}

function managedSaveFinding({ name, domainName }: BmcSettings): Finding {
  const message = `libvirt has an image of the memory of domain ${domainName} (managed save): power on resumes it instead of booting, unless a boot device is set`;
  const remedy = `nothing, if it is to go on where it was saved; otherwise power it off by IPMI, or virsh managedsave-remove ${domainName}`;
  return { severity: 'warning', subject: `[${name}]`, message, remedy };
}

/** Checks the ports of active BMCs, except those that a worker of vbmcd has bound. */
export async function checkPorts(
  settings: readonly BmcSettings[],
  { running, unbound }: Pick<DaemonCheck, 'running' | 'unbound'>,
  resolve: ResolveName,
): Promise<readonly Finding[]> {
  const findings: Finding[] = [];
  for (const bmc of settings) {
    if (!bmc.active || running.has(bmc.name)) continue;
    const told = unbound.get(bmc.name);
    if (!isHostName(bmc.address)) findings.push(...(await probe(bmc, bmc.address)));
    else if (told === undefined) findings.push(...(await probeHostName(bmc, resolve)));
    else findings.push(hostNameFinding('error', `[${bmc.name}]`, bmc.address, told));
  }
  return findings;
}

async function probe({ name, port }: BmcSettings, address: string): Promise<readonly Finding[]> {
  const failure = await probeUdpPort(address, port);
  return failure === undefined
    ? []
    : [bindFinding(`[${name}]`, formatEndpoint(address, port), port, failure)];
}

/** Of several addresses, those that are not of this machine matter only if there is no other. */
async function probeHostName(bmc: BmcSettings, resolve: ResolveName): Promise<readonly Finding[]> {
  const { name, address, port } = bmc;
  const result = await lookUp(address, resolve);
  if ('failure' in result) {
    return [hostNameFinding('error', `[${name}]`, address, `host name ${address}: ${result.failure}`)];
  }
  const failures = await Promise.all(result.addresses.map((one) => probeUdpPort(one, port)));
  const isElsewhere = failures.every((failure) => failure === 'EADDRNOTAVAIL');
  return result.addresses.flatMap((one, index) => {
    const failure = failures[index];
    if (failure === undefined || (failure === 'EADDRNOTAVAIL' && !isElsewhere)) return [];
    return [bindFinding(`[${name}]`, `${formatEndpoint(one, port)} (${address})`, port, failure)];
  });
}
