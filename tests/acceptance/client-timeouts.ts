/**
 * `npm run test:client-timeouts`: how long each client waits for a power cycle that takes its time, and what its user sees. The
 * domain is a real one; a stand-in for `virsh` delays the `destroy`. Prints the table of docs/clients.md.
 *
 * A step passes when all that was said is true: a client reports success only when the machine was switched off and on, there was
 * one power cycle however often the client has asked, another change meanwhile is refused with C0h, and the power status is that
 * of the domain. A client that gives up is no failure. `-- --only TEXT` tries the clients with this in their name.
 */
import { parseArgs } from 'node:util';
import { installPrograms } from '#lab/debian-packages.ts';
import { findProgram } from '#lab/lab-environment.ts';
import type { Lab } from '#lab/lab.ts';
import { startLabWithVirshStandIn } from '#lab/lab-with-virsh-stand-in.ts';
import type { VirshStandIn } from '#lab/virsh-stand-in.ts';
import { watchedDomain, type WatchedDomain } from '#lab/watched-domain.ts';
import { waitFor } from '#support/wait-for.ts';
import { runAcceptance } from './acceptance-run.ts';
import { powerCycleClients, type PowerCycleClient } from './power-cycle-clients.ts';

const wantedSeconds = [1, 3, 6, 20] as const;
const packages: Readonly<Record<string, string>> = {
  ipmipower: 'freeipmi-tools',
  fence_ipmilan: 'fence-agents',
  openipmicmd: 'openipmi',
};
/** They are modules, not programs. */
const pythonModules = ['python3-pyghmi', 'python3-pyipmi'];

interface Bench {
  readonly lab: Lab;
  readonly virsh: VirshStandIn;
  readonly domain: WatchedDomain;
}

const { values: wanted } = parseArgs({ options: { only: { type: 'string', default: '' } } });

runAcceptance('npm run test:client-timeouts', async ({ report, print, unlessInterrupted }) => {
  await installPrograms(packages, { print }).catch((error: unknown) => {
    print(String(error));
  });
  const started = await startLabWithVirshStandIn({
    domains: [{ boot: ['hd'] }],
    inventoryKeys: { ipmi_1_5: 'yes' },
  });
  const bench: Bench = { ...started, domain: watchedDomain(started.lab, 0) };
  const rows = new Map<string, string[]>();
  try {
    const shortest = await unlessInterrupted(shortestCycle(bench));
    print(`the shortest power cycle here takes ${shortest.toFixed(1)} s: shorter ones are not delayed`);
    for (const client of powerCycleClients.filter(({ name }) => name.includes(wanted.only))) {
      const lacks = await whatLacks(bench, client);
      if (lacks !== undefined) {
        report.skip(client.name, lacks);
        continue;
      }
      const cells: string[] = [];
      rows.set(client.name, cells);
      for (const seconds of wantedSeconds) {
        const delay = Math.max(0, seconds - shortest);
        await report.step(`${client.name}, ${seconds} s`, async () => {
          const cell = await unlessInterrupted(tryClient(bench, client, delay));
          cells.push(cell);
          return cell;
        });
      }
    }
  } finally {
    await bench.lab.stop();
  }
  print(`\n| Client | ${wantedSeconds.map((seconds) => `${seconds} s`).join(' | ')} |`);
  for (const [name, cells] of rows) print(`| ${name} | ${cells.join(' | ')} |`);
  print('');
});

async function whatLacks({ lab }: Bench, { name, program }: PowerCycleClient): Promise<string | undefined> {
  if (findProgram(program) === undefined) return `${program} is not installed`;
  const module = /^(pyghmi|python-ipmi)/.exec(name)?.[1];
  if (module === undefined) return undefined;
  const imported = module === 'pyghmi' ? 'pyghmi' : 'pyipmi';
  const { exitCode } = await lab.libvirt.run('/usr/bin/python3', ['-c', `import ${imported}`]);
  return exitCode === 0 ? undefined : `Python has no ${imported}: apt-get install ${pythonModules.join(' ')}`;
}

/** In seconds. */
async function shortestCycle(bench: Bench): Promise<number> {
  await prepare(bench, 0);
  const { exitCode, durationMs, stderr } = await bench.lab.ipmitool(bench.lab.bmc(0), ['power', 'cycle'], {
    retryIntervalSeconds: 5,
    tries: 6,
  });
  if (exitCode !== 0) throw new Error(stderr);
  return durationMs / 1000;
}

async function prepare({ domain, virsh }: Bench, delay: number): Promise<void> {
  virsh.behave('as-usual');
  await domain.bringTo('running');
  virsh.delayDestroy(delay);
}

async function tryClient(bench: Bench, client: PowerCycleClient, delay: number): Promise<string> {
  const { lab, virsh, domain } = bench;
  await prepare(bench, delay);
  const before = domain.pid();
  const ran = await runClient(bench, client);
  const isOver = (): boolean => virsh.calls().includes('start') && domain.pid() !== before;
  if (ran.saysDone) {
    if (!isOver()) throw new Error(`it said ${ran.said}, and the machine has not been switched off and on`);
  } else if (!virsh.calls().includes('start')) {
    const again = await lab.ipmitool(lab.bmc(0), ['power', 'cycle']);
    if (!/node busy/i.test(again.stderr))
      throw new Error(`another power cycle: ${again.stderr}${again.stdout}`);
    const { stdout } = await lab.ipmitool(lab.bmc(0), ['power', 'status']);
    // The off half may have come meanwhile. While the domain is "in shutdown", its QEMU has not ended.
    const actual = await domain.state();
    const isTrue = stdout.includes(actual === 'shut off' ? 'is off' : 'is on');
    if (!isTrue && virsh.calls().length === 1)
      throw new Error(`${stdout.trim()}, and the domain is ${actual}`);
  }
  await waitFor('the power cycle to end', isOver, { timeoutMs: 60_000 });
  await lab.waitForDomstate(domain.name, 'running');
  await waitFor('the BMC to say so', async () => {
    const { stdout } = await lab.ipmitool(lab.bmc(0), ['power', 'status']);
    return stdout.includes('Chassis Power is on');
  });
  if (virsh.calls().join(' ') !== 'destroy start')
    throw new Error(`virsh was called for ${virsh.calls().join(' ')}`);
  const seconds = (ran.durationMs / 1000).toFixed(1);
  return ran.saysDone ? `done, ${seconds} s` : `gave up, ${seconds} s: ${ran.said}`;
}

async function runClient(
  { lab }: Bench,
  { command, saysDone = () => true }: PowerCycleClient,
): Promise<{ readonly said: string; readonly saysDone: boolean; readonly durationMs: number }> {
  const [program, ...args] = command(lab.bmc(0));
  const { exitCode, stdout, stderr, durationMs } = await lab.libvirt.run(program, args, {
    timeoutMs: 120_000,
  });
  const output = `${stdout}${stderr}`.trim();
  const said = output.split('\n').at(-1)?.trim() ?? '';
  return {
    said: said === '' ? `nothing, exit code ${exitCode ?? 'none'}` : said,
    saysDone: exitCode === 0 && saysDone(output),
    durationMs,
  };
}
