/** Renders one BMC for people: facts, then one table per kind of record. */
import type { BmcCounter } from '@vbmc/bmc-worker/ipc';
import { domainStateText } from '@vbmc/bmc-worker/libvirt';
import type {
  BmcDetail,
  EventLogFill,
  ShownConfiguration,
  UnauthenticatedActivity,
  UnfinishedChange,
} from '../../status/bmc-detail.ts';
import { failureText, refusalText } from '../../status/event-words.ts';
import { printable } from '../../text/printable.ts';
import { formatEndpoint } from '../../text/endpoint.ts';
import { formatDuration } from '../format-duration.ts';
import { unansweredEffect, unansweredText } from './unanswered-text.ts';
import { renderTable } from '../text-table.ts';

/** `nowMs` is the time of day; ages are relative to it. */
export function renderDetail(detail: BmcDetail, nowMs: number): string {
  const ago = (at: string): string => `${formatDuration(Math.max(0, nowMs - Date.parse(at)))} ago`;
  return [
    renderFacts(detail, ago),
    section('Sessions', renderSessions(detail)),
    section('Locked out', renderLockedOut(detail)),
    section(
      'Last failed logins',
      table(
        ['WHEN', 'USER', 'SOURCE', 'REASON'],
        detail.failedLogins.map(({ at, user, source, reason }) => [
          ago(at),
          quoted(user),
          source,
          refusalText(reason),
        ]),
      ),
    ),
    section(
      'Last power and boot commands',
      table(
        ['WHEN', 'WHAT', 'USER', 'SOURCE', 'TOOK', 'OUTCOME'],
        detail.domainActions.map((action) => [
          ...[ago(action.at), action.description, quoted(action.user), action.source],
          formatDuration(action.durationMs),
          `${failureText(action.outcome)}${action.late ? ' (late)' : ''}${action.shared ? ' (shared)' : ''}${action.failure === null ? '' : `: ${action.failure}`}`,
        ]),
      ),
    ),
    section(
      'Last calls of virsh',
      table(
        ['WHEN', 'VERB', 'TOOK', 'OUTCOME'],
        detail.virshCalls.map(({ at, verb, durationMs, outcome }) => [
          ...[ago(at), verb, formatDuration(durationMs), failureText(outcome)],
        ]),
      ),
    ),
    section(
      'Last restarts',
      table(
        ['WHEN', 'CAUSE'],
        detail.restartCauses.map(({ at, cause }) => [ago(at), cause]),
      ),
    ),
  ].join('');
}

function renderFacts(detail: BmcDetail, ago: (at: string) => string): string {
  const { configuration, power } = detail;
  const facts: [string, string][] = [
    ['name', detail.name],
    ['domain', detail.domain ?? '-'],
    ['address', formatEndpoint(detail.address ?? '-', detail.port ?? '-')],
    ...listensText(detail),
    ['status', detail.reason === null ? detail.status : `${detail.status}: ${detail.reason}`],
    ['worker', worker(detail, ago)],
    ['power', power === null ? 'unknown: no worker runs' : powerText(power, ago)],
  ];
  if (detail.identify !== 'off')
    facts.push(['identify', detail.identify === 'on' ? 'lamp on' : 'lamp on for a time']);
  if (detail.unfinishedChange !== null) facts.push(['cut', unfinishedText(detail.unfinishedChange, ago)]);
  if (detail.unanswered !== null) {
    const { since } = detail.unanswered;
    facts.push([
      'waits',
      `${unansweredText(detail.unanswered)} (${ago(since)}); ${unansweredEffect(detail.unanswered)}`,
    ]);
  }
  if (detail.eventLog !== null) facts.push(['events', eventLogText(detail.eventLog)]);
  if (detail.managedSave === true) facts.push(['saved', MANAGED_SAVE]);
  if (configuration !== null) {
    const { allow, connectionUri, libvirtSasl, users, kg, cipherSuites, ipmiV15, privilegeLimit } =
      configuration;
    facts.push(
      ['allow', allow === null ? 'all addresses' : allow.join(', ')],
      ['libvirt', `${connectionUri}${libvirtSasl ? ', with SASL credentials' : ''}`],
      ['users', users.map(({ name, privilege }) => `${quoted(name)} (${privilege})`).join(', ')],
      ...ipmiUsersText(configuration),
      ['K_g', kg ? 'set' : 'not set'],
      ['suites', `${cipherSuites.join(', ')}${ipmiV15 ? '; IPMI 1.5' : ''}`],
      ['limit', privilegeLimit],
    );
  }
  if (detail.strangers !== null) facts.push(['network', networkText(detail.strangers)]);
  return facts.map(([what, text]) => `${`${what}:`.padEnd(10)}${printable(text, 2000)}\n`).join('');
}

function eventLogText({ entries, capacity, clockOffset }: EventLogFill): string {
  const fill = `${entries} of ${capacity} records in the event log`;
  if (clockOffset === 0) return fill;
  return `${fill}, whose clock is ${Math.abs(clockOffset)} s ${clockOffset > 0 ? 'ahead' : 'behind'}`;
}

/** Users that clients have made; nothing while there are none and may be none. */
function ipmiUsersText({ ipmiUsers, userChanges }: ShownConfiguration): [string, string][] {
  if (ipmiUsers.length === 0) return userChanges ? [['by IPMI', 'no users (user_changes = yes)']] : [];
  const texts = ipmiUsers.map(({ id, name, privilege, complete }) => {
    const level = privilege === 'noAccess' ? 'no access' : privilege;
    return `${id} ${name === '' ? 'without a name' : quoted(name)} (${level}${complete ? '' : ', cannot log in'})`;
  });
  return [['by IPMI', texts.join(', ')]];
}

const MANAGED_SAVE =
  'libvirt has an image of the memory (managed save): power on resumes it, or boots and drops it if a boot device is set; power off drops it';

/** Which addresses those are, if the configured one is a name or means all of the host. */
function listensText({ address, listening }: BmcDetail): [string, string][] {
  if (listening.length === 0 || (listening.length === 1 && listening[0]?.address === address)) return [];
  const texts = listening.map((one) =>
    one.problem === null ? one.address : `not ${one.address} (${one.problem})`,
  );
  return [['listens', texts.join(', ')]];
}

function worker(detail: BmcDetail, ago: (at: string) => string): string {
  const restarts = `${detail.restarts} restarts`;
  if (detail.pid === null || detail.workerStartedAt === null) return `none, ${restarts}`;
  return `pid ${detail.pid}, started ${ago(detail.workerStartedAt)}, ${restarts}`;
}

function powerText(power: NonNullable<BmcDetail['power']>, ago: (at: string) => string): string {
  const state = power.domainState === null ? '' : ` (domain ${domainStateText(power.domainState)})`;
  const why = power.failure === null ? '' : `: ${power.failure}`;
  const how = power.source === null ? '' : `, read by ${power.source} ${ago(power.at)}`;
  return `${power.powerState}${state}${how}${why}`;
}

function unfinishedText(change: UnfinishedChange, ago: (at: string) => string): string {
  const { at, description, user, source, reason } = change;
  const what = `${description} by ${user === '' ? source : `${quoted(user)} from ${source}`}, ${ago(at)}`;
  return reason === null
    ? `${what}: not finished yet`
    : `${what}: not finished, the domain stays off: ${reason}`;
}

function renderSessions({ sessions }: BmcDetail): string {
  if (sessions === null) return '  unknown: no worker answers\n';
  return table(
    ['USER', 'SOURCE', 'PRIVILEGE', 'CIPHER SUITE', 'AGE', 'IDLE'],
    sessions.map((session) => [
      ...[quoted(session.user), session.source, `${session.privilege} (up to ${session.privilegeLimit})`],
      ...[
        session.cipherSuiteId === null ? 'IPMI 1.5' : String(session.cipherSuiteId),
        formatDuration(session.ageMs),
        formatDuration(session.idleMs),
      ],
    ]),
  );
}

const loginFigures = {
  halfOpenSessions: 'logins under way',
  refusedLogins: 'failed',
  lockouts: 'lock-outs',
} as const;

/** All other counters count datagrams. */
const droppedDatagrams: Readonly<Record<Exclude<BmcCounter, keyof typeof loginFigures>, string>> = {
  malformedDatagrams: 'malformed',
  oversizedDatagrams: 'too long',
  rateLimitedDatagrams: 'too many',
  notAllowedDatagrams: 'not allowed',
};

function networkText(activity: UnauthenticatedActivity): string {
  const dropped = figuresText(activity, droppedDatagrams).join(', ');
  return [...figuresText(activity, loginFigures), `datagrams dropped: ${dropped}`].join('; ');
}

function figuresText<Figure extends string>(
  values: Readonly<Record<NoInfer<Figure>, number>>,
  names: Readonly<Record<Figure, string>>,
): string[] {
  return (Object.keys(names) as Figure[]).map((figure) => `${values[figure]} ${names[figure]}`);
}

function renderLockedOut({ strangers }: BmcDetail): string {
  if (strangers === null) return '  unknown: no worker answers\n';
  const { lockedOut, lockedOutLogins } = strangers;
  const more = lockedOutLogins - lockedOut.length;
  return [
    table(
      ['USER', 'SOURCE', 'FAILED LOGINS', 'FOR ANOTHER'],
      lockedOut.map(({ user, source, failures, remainingMs }) => [
        ...[quoted(user), source, String(failures), formatDuration(remainingMs)],
      ]),
    ),
    more > 0 ? `  and ${more} more\n` : '',
  ].join('');
}

function section(title: string, body: string): string {
  return `\n${title}:\n${body}`;
}

function table(header: readonly string[], rows: readonly (readonly string[])[]): string {
  if (rows.length === 0) return '  none\n';
  const cells = rows.map((row) => row.map((cell) => printable(cell, 500)));
  return renderTable(header, cells).replaceAll(/^/gm, '  ').replace(/ +$/, '');
}

function quoted(name: string): string {
  return `"${name}"`;
}
