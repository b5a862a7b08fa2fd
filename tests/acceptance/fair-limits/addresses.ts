/** A BMC on `::` on a host with four addresses in two networks, IPv4 and IPv6 each, that come and go while sessions run. */
import { readdirSync, readlinkSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { askedHost, POWER_IS_ON, type AskedHost, type AskingShell } from '#lab/asked-host.ts';
import { startPrivateLibvirt, type PrivateLibvirt } from '#lab/private-libvirt.ts';
import { makeTwoNetworks, type TwoNetworks } from '#lab/two-networks.ts';
import { startVbmcd, type Vbmcd } from '#lab/vbmcd.ts';
import { describeDurations } from '#support/figures.ts';
import { processMemory } from '#support/process-memory.ts';
import { waitFor } from '#support/wait-for.ts';
import type { PartContext } from './part.ts';

const PASSWORD = 'of-the-test';
const PORT = 6230;

/** An address with the length of its prefix, and its network. */
type Place = readonly [address: string, network: 0 | 1];
const stays: readonly Place[] = [
  ['10.77.0.1/24', 0],
  ['10.77.0.2/24', 0],
  ['10.78.0.1/24', 1],
  ['fd77::1/64', 0],
  ['fd78::1/64', 1],
  ['fd78::2/64', 1],
];
const goes: readonly Place[] = [
  ['10.78.0.2/24', 1],
  ['fd77::2/64', 0],
];
const comes: readonly Place[] = [
  ['10.77.0.3/24', 0],
  ['fd78::3/64', 1],
];

function plain([address]: Place): string {
  return address.replace(/\/.*/, '');
}

export async function answerFromAsked({
  report,
  hasOwnNetwork,
  unlessInterrupted,
}: PartContext): Promise<void> {
  if (!hasOwnNetwork) {
    report.skip('every address answers from itself', 'network namespaces need root');
    return;
  }
  const all = [...stays, ...goes];
  const of = (network: 0 | 1): string[] => all.filter((place) => place[1] === network).map(([text]) => text);
  const networks = await makeTwoNetworks(
    [of(0), of(1)],
    [
      ['10.77.0.9/24', 'fd77::9/64'],
      ['10.78.0.9/24', 'fd78::9/64'],
    ],
  );
  const libvirt = await startPrivateLibvirt({ hypervisor: 'mock' });
  try {
    await unlessInterrupted(checkAddresses(libvirt, networks, report));
  } finally {
    await libvirt.stop();
    await networks.remove();
  }
}

async function checkAddresses(
  libvirt: PrivateLibvirt,
  networks: TwoNetworks,
  report: PartContext['report'],
): Promise<void> {
  const section = `[test]\npassword = ${PASSWORD}\nport = ${PORT}\nlibvirt_uri = ${libvirt.connectionUri}\n`;
  const daemon = await startVbmcd(libvirt, section, { rootLauncher: networks.onHost });
  await daemon.running();
  const host = askedHost(networks, PORT, PASSWORD);
  await report.step('every address answers from itself', async () => {
    for (const place of [...stays, ...goes]) await answers(host, plain(place));
    return `${[...stays, ...goes].map(plain).join(', ')}; ${describeWorker(daemon)}`;
  });
  await changeAddresses(daemon, networks, host, report);
}

async function changeAddresses(
  daemon: Vbmcd,
  networks: TwoNetworks,
  host: AskedHost,
  report: PartContext['report'],
): Promise<void> {
  const pid = (await daemon.list())[0]?.pid;
  const shells = stays.map((place) => host.openShell(plain(place)));
  const gone = goes.map((place) => host.openShell(plain(place)));
  for (const shell of [...shells, ...gone]) await shell.ask();
  const polls = shells.map(pollBy);

  await report.step('an address of each kind comes', async () => {
    const seconds: string[] = [];
    for (const place of comes) {
      const startedAt = performance.now();
      await networks.address('add', ...place);
      await waitFor(
        `an answer from ${plain(place)}`,
        async () => (await host.ask(plain(place))) === POWER_IS_ON,
      );
      seconds.push(`${plain(place)} answers after ${((performance.now() - startedAt) / 1_000).toFixed(1)} s`);
    }
    return seconds.join(', ');
  });
  await report.step('an address of each kind goes', async () => {
    for (const place of goes) await networks.address('del', ...place);
    await sleep(2_000);
    for (const place of goes) {
      const said = await host.ask(plain(place));
      if (said === POWER_IS_ON) throw new Error(`${plain(place)} still answers`);
    }
    return `${goes.map(plain).join(' and ')} do not answer any more`;
  });
  await report.step('  and comes back', async () => {
    for (const place of goes) {
      await networks.address('add', ...place);
      await waitFor(
        `an answer from ${plain(place)}`,
        async () => (await host.ask(plain(place))) === POWER_IS_ON,
      );
    }
    for (const shell of gone) await shell.ask();
    return 'its session goes on';
  });
  await report.step('sessions at the other addresses', async () => {
    const durationsMs = (await Promise.all(polls.map((stop) => stop()))).flat();
    return `${shells.length} sessions, a request each second, all answered; ${describeDurations(durationsMs)}`;
  });
  await report.step('the worker', async () => {
    for (const shell of [...shells, ...gone]) await shell.end();
    const now = (await daemon.list())[0]?.pid;
    if (now !== pid) throw new Error(`it was ${pid ?? 'none'}, and is ${now ?? 'none'}`);
    return `is the same process; ${describeWorker(daemon)}`;
  });
}

async function answers(host: AskedHost, address: string): Promise<void> {
  const said = await host.ask(address);
  if (said !== POWER_IS_ON) throw new Error(`${address}: ${said}`);
}

/** Asks each second. The function that it returns ends that, and resolves with how long each answer took. */
function pollBy(shell: AskingShell): () => Promise<readonly number[]> {
  const durationsMs: number[] = [];
  const stopped = new AbortController();
  const ended = (async () => {
    while (!stopped.signal.aborted) {
      const startedAt = performance.now();
      await shell.ask();
      durationsMs.push(performance.now() - startedAt);
      await sleep(1_000, undefined, stopped).catch(() => undefined);
    }
    return durationsMs;
  })();
  // It is handled where the caller awaits it.
  ended.catch(() => undefined);
  return () => {
    stopped.abort();
    return ended;
  };
}

function describeWorker(daemon: Vbmcd): string {
  const [pid = 0] = daemon.workerPids();
  const directory = `/proc/${pid}/fd`;
  const sockets = readdirSync(directory).filter((fd) =>
    readlinkSync(`${directory}/${fd}`).startsWith('socket:'),
  );
  const { privateKib } = processMemory(pid);
  return `the worker has ${sockets.length} sockets (one is the channel to vbmcd), and ${(privateKib / 1_024).toFixed(1)} MB private memory`;
}
