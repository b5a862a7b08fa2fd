/**
 * `npm run test:dropin -- --against CHECKOUT`: the command lines of scripts that were written for VirtualBMC, on the real one and on
 * ours. CHECKOUT is one of openstack/virtualbmc; tests/lab/virtualbmc/virtualbmc.ts says what else it needs. Both have the
 * same QEMU domains, of a libvirt of its own. Exit codes have to be the same, for most lines what is printed, and for those that
 * may change a domain what virsh says about it. Each line that differs has a reason, which is printed.
 */
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { freeUdpPorts } from '#lab/free-ports.ts';
import { defineGuest, type Guest } from '#lab/guest.ts';
import { startPrivateLibvirt, type PrivateLibvirt } from '#lab/private-libvirt.ts';
import { runCommand } from '#lab/run-command.ts';
import { startVirtualBmc } from '#lab/virtualbmc/virtualbmc.ts';
import { runAcceptance } from './acceptance-run.ts';
import { differences, lineProblem, type LineResult } from './dropin/compare.ts';
import { effectOn } from './dropin/effect.ts';
import { dropinLines } from './dropin/lines.ts';
import { startOurVbmc } from './dropin/our-vbmc.ts';

/** The lines use its BMCs node-0 to node-3. */
const DOMAINS = 4;
const LINE_TIMEOUT_MS = 60_000;

const { values } = parseArgs({ options: { against: { type: 'string' } } });

runAcceptance('test:dropin', async ({ report, print, unlessInterrupted, signal }) => {
  if (values.against === undefined) throw new Error('--against CHECKOUT is missing');
  const checkout = resolve(values.against);
  const directory = mkdtempSync(join(tmpdir(), 'dropin-'));
  const libvirt = await startPrivateLibvirt({ hypervisor: 'qemu' });
  try {
    const [guest] = await defineDomains(libvirt);
    const environment = await usualEnvironment(libvirt, guest?.serialLogFile ?? '');
    const [theirPlace, ourPlace] = ['theirs', 'ours'].map((name) => {
      mkdirSync(join(directory, name));
      return join(directory, name);
    }) as [string, string];
    const theirs = await startVirtualBmc(checkout, theirPlace);
    print(`VirtualBMC ${theirs.version}`);
    // One after the other, because both use the same ports and domains.
    const expected = await unlessInterrupted(
      runLines(libvirt, {
        cwd: theirPlace,
        environment: { ...theirs.environment, ...environment },
        programs: dirname(theirs.program),
        signal,
      }),
    ).finally(() => theirs.stop());
    await defineDomains(libvirt);
    const ours = await startOurVbmc(ourPlace);
    const found = await unlessInterrupted(
      runLines(libvirt, {
        cwd: ourPlace,
        environment: { HOME: ourPlace, LANG: 'C.UTF-8', ...environment },
        programs: ours.programs,
        signal,
      }),
    ).finally(() => ours.stop());
    for (const [index, line] of dropinLines.entries()) {
      const [one, other] = [expected[index], found[index]];
      await report.step(line.line, () => {
        if (one === undefined || other === undefined) throw new Error('it did not run');
        const different = differences(line, one, other);
        const problem = lineProblem(line, different);
        if (problem !== undefined) throw new Error(problem);
        const reason = line.differs === undefined ? '' : `differs (${different.join('; ')}): ${line.differs}`;
        return Promise.resolve([other.effect ?? '', reason].filter((part) => part !== '').join('; '));
      });
    }
  } finally {
    await libvirt.stop();
    rmSync(directory, { recursive: true, force: true });
  }
});

/** As if they had never been used. */
async function defineDomains(libvirt: PrivateLibvirt): Promise<readonly Guest[]> {
  const guests: Guest[] = [];
  for (let index = 0; index < DOMAINS; index += 1) {
    const name = `node-${index}`;
    // The first time there is none, and most are off.
    for (const verb of ['destroy', 'undefine']) await libvirt.virsh(verb, name).catch(() => undefined);
    const guest = await defineGuest(libvirt, name, {
      uuid: fixedUuid(index),
      boot: ['hd', 'cdrom', 'network'],
      cdrom: true,
      networkCards: [true],
    });
    guests.push(guest);
  }
  return guests;
}

/** The same for both programs. */
function fixedUuid(index: number): string {
  return `0a0b0c0d-0000-4000-8000-00000000000${index}`;
}

/** `$URI` reaches the libvirt also for root, who is another user than that of the lab. */
async function usualEnvironment(
  { daemon }: PrivateLibvirt,
  serialLog: string,
): Promise<Record<string, string>> {
  const ports = await freeUdpPorts(DOMAINS);
  return {
    ...Object.fromEntries(ports.map((port, index): [string, string] => [`P${index}`, String(port)])),
    SERIAL: serialLog,
    URI: `qemu+unix:///session?socket=${daemon.socket}`,
    IPMI: `ipmitool -I lanplus -C 3 -N 10 -R 3 -H 127.0.0.1 -p ${ports[0] ?? 0} -U ADMIN -P ADMIN`,
  };
}

interface Side {
  readonly cwd: string;
  readonly environment: Readonly<Record<string, string>>;
  /** The directory of `vbmc` and `vbmcd`. */
  readonly programs: string;
  readonly signal: AbortSignal;
}

async function runLines(
  libvirt: PrivateLibvirt,
  { cwd, environment, programs, signal }: Side,
): Promise<readonly LineResult[]> {
  const env = { ...environment, PATH: `${programs}:${process.env['PATH'] ?? ''}` };
  const results: LineResult[] = [];
  for (const { line, effect } of dropinLines) {
    signal.throwIfAborted();
    const said = await runCommand('sh', ['-c', line], { cwd, env, timeoutMs: LINE_TIMEOUT_MS });
    results.push(effect === undefined ? said : { ...said, effect: await effectOn(libvirt, 'node-0') });
  }
  return results;
}
