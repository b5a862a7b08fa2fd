/** 100,000 sessions and 10,000 refused logins after a power command: the command is still in the events, and the log is short. */
import { eventClasses, eventClassOf, keptEvents, type EventClass } from '#supervisor/control/event-class.ts';
import { eventKinds } from '#supervisor/log/event-kinds.ts';
import { processMemory } from '#support/process-memory.ts';
import { startClients } from './client-process.ts';
import { accountOf } from '#support/clients/levelled-users.ts';
import { inFairLab, type FairLab } from './fair-lab.ts';
import type { PartContext } from './part.ts';

const SESSIONS = 100_000;
const REFUSALS = 10_000;
const CLIENTS = 16;
const BMC = '127.0.0.1';
/** A busy machine takes long to start a domain. */
const patient = { retryIntervalSeconds: 15 };
/** With three accounts more users and addresses than are told apart. */
const addresses = Array.from({ length: 40 }, (_, n) => `127.3.0.${n + 1}`);
const accounts = (['monitor', 'grafana', 'ironic'] as const).map(accountOf);

/**
 * Lines about sessions, refusals and guesses a minute (docs/operate.md), each perhaps after one that says how many were left out.
 * A line of the text format has less than 250 bytes.
 */
const MOST_BYTES_PER_MINUTE = 2 * (200 + 100 + 60) * 250;

export async function keepTrail(context: PartContext): Promise<void> {
  await inFairLab(context, (fairLab) => washTrail(fairLab, context));
}

async function washTrail(fairLab: FairLab, { report, print }: PartContext): Promise<void> {
  const { lab } = fairLab;
  const bmc = lab.bmc(0);
  for (const [verb, state] of [
    ['off', 'shut off'],
    ['on', 'running'],
  ] as const) {
    const { exitCode, stderr } = await lab.ipmitool({ ...bmc, address: BMC }, ['power', verb], patient);
    if (exitCode !== 0) throw new Error(`power ${verb}: ${stderr}`);
    await lab.waitForDomstate('node-0', state);
  }
  const commands = await powerCommands(fairLab);
  const startedAt = performance.now();
  const logBefore = lab.vbmcd.log().length;
  const [worker = 0] = lab.vbmcd.workerPids();
  const memory = (): string => `vbmcd ${privateMb(lab.vbmcd.pid)}, worker ${privateMb(worker)} MB private`;
  const memoryBefore = memory();

  const target = fairLab.at(BMC);
  await report.step(`${SESSIONS.toLocaleString('en')} sessions`, async () => {
    const job = {
      kind: 'sessions',
      bmc: target,
      sessions: SESSIONS,
      clients: CLIENTS,
      addresses,
      accounts,
    } as const;
    const { completed, seconds, failures } = await startClients(job, print).report;
    if (completed !== SESSIONS) throw new Error(`${completed} only: ${JSON.stringify(failures)}`);
    return `in ${seconds.toFixed(0)} s, ${Math.round(completed / seconds)} a second, of 3 users at 40 addresses`;
  });
  await report.step(`${REFUSALS.toLocaleString('en')} refused logins`, async () => {
    const ends: Record<string, number> = {};
    for (const names of [[], ['admin', 'monitor', 'grafana', 'ironic']]) {
      const attempts = REFUSALS / 2;
      const job = { kind: 'attack', bmc: target, how: 'guess', attempts, addresses, names } as const;
      const attacked = await startClients(job, print).report;
      for (const [end, count] of Object.entries(attacked.ends)) ends[end] = (ends[end] ?? 0) + count;
    }
    return JSON.stringify(ends);
  });
  const minutes = (performance.now() - startedAt) / 60_000;

  await report.step('the power commands are in `vbmc events`', async () => {
    const now = await powerCommands(fairLab);
    if (JSON.stringify(now) !== JSON.stringify(commands)) throw new Error(JSON.stringify(now));
    return `as before: ${now.join('; ')}`;
  });
  await report.step('events that are kept, by kind', async () => {
    const counts: Record<string, number> = {};
    // One question for each kind: an answer has at most 1,000 events.
    for (const kind of eventKinds) counts[kind] = (await fairLab.events('--kind', kind)).length;
    return describeEvents(counts);
  });
  await report.step('the log meanwhile', () => {
    const log = lab.vbmcd.log().slice(logBefore);
    const most = Math.ceil(minutes + 1) * MOST_BYTES_PER_MINUTE;
    const figures = `${Buffer.byteLength(log)} bytes in ${log.split('\n').length} lines in ${minutes.toFixed(1)} min; at most ${most}`;
    return Buffer.byteLength(log) > most ? Promise.reject(new Error(figures)) : Promise.resolve(figures);
  });
  await report.step('memory', () => Promise.resolve(`before: ${memoryBefore}; after: ${memory()}`));
}

async function powerCommands(fairLab: FairLab): Promise<readonly string[]> {
  const records = await fairLab.events('--kind', 'domainActionFinished');
  const commands = records.map(({ at, message }) => `${at} ${message}`);
  if (commands.length < 2) throw new Error(`${commands.length} power commands in the events`);
  return commands;
}

/** Throws when there are more of a class than are to be kept, or none of what clients have caused. */
function describeEvents(counts: Readonly<Record<string, number>>): string {
  const classes: Record<EventClass, number> = { changes: 0, sessions: 0, guesses: 0, refusals: 0 };
  for (const [kind, count] of Object.entries(counts)) classes[eventClassOf(kind)] += count;
  const seen = Object.entries(counts).filter(([, count]) => count > 0);
  const figures = `${JSON.stringify(Object.fromEntries(seen))}; by class: ${JSON.stringify(classes)}`;
  for (const eventClass of eventClasses) {
    const [count, most] = [classes[eventClass], keptEvents[eventClass]];
    if (count === 0 || count > most) throw new Error(`${count} ${eventClass}, at most ${most}: ${figures}`);
  }
  return figures;
}

function privateMb(pid: number): string {
  return (processMemory(pid).privateKib / 1_024).toFixed(1);
}
