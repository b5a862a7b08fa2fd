/** One domain of the chaos, as libvirt and the guest show it. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { waitFor } from '#support/wait-for.ts';
import type { Guest } from '../guest.ts';
import type { LabBmc } from '../inventory-text.ts';
import type { PrivateLibvirt } from '../private-libvirt.ts';
import type { DomainFacts } from './domain-facts.ts';
import type { LibvirtEvents } from './libvirt-events.ts';

/** libvirtd may be away for some seconds, and the machine busy. */
const FACTS_TIMEOUT_MS = 120_000;

export interface ChaosDomain {
  readonly name: string;
  readonly index: number;
  readonly bmc: LabBmc;
  /** Waits until libvirtd answers. */
  facts(): Promise<DomainFacts>;
  /** All lines that the guest has said when it booted. */
  bootLines(): readonly string[];
  /** The inactive definition. */
  definition(): Promise<string>;
}

export function chaosDomain(
  libvirt: PrivateLibvirt,
  events: LibvirtEvents,
  { guest, index, bmc }: { readonly guest: Guest; readonly index: number; readonly bmc: LabBmc },
): ChaosDomain {
  const { name } = guest;
  const { path } = libvirt.directory;
  const pidFile = join(path, `run/libvirt/qemu/run/${name}.pid`);
  const bootLines = (): readonly string[] =>
    guest
      .serialLog()
      .split('\r\n')
      .slice(0, -1)
      .filter((line) => line.startsWith('boot '));
  const withoutState = (): Omit<DomainFacts, 'state'> => ({
    process: qemuProcess(pidFile, path),
    starts: events.count('starts', name),
    resets: events.count('resets', name),
    boots: bootLines().length,
    libvirtLife: events.life,
  });
  const attempt = async (): Promise<DomainFacts | undefined> => {
    const before = withoutState();
    const state = (await libvirt.virsh('domstate', name)).trim();
    const after = withoutState();
    const isStill = before.process === after.process;
    // libvirt says the one while the other is still in its files.
    const isWhole = (state === 'shut off') === (after.process === undefined);
    return isStill && isWhole ? { state, ...after } : undefined;
  };
  const definition = async (): Promise<string> =>
    (await libvirt.virsh('dumpxml', '--inactive', '--security-info', name)).trim();
  return {
    ...{ name, index, bmc, bootLines },
    facts: () =>
      waitFor(`the facts about ${name}`, attempt, { timeoutMs: FACTS_TIMEOUT_MS, intervalMs: 100 }),
    // libvirtd may have been ended meanwhile.
    definition: async () =>
      waitFor(`the definition of ${name}`, definition, { timeoutMs: FACTS_TIMEOUT_MS, intervalMs: 100 }),
  };
}

function read(file: string): string {
  return existsSync(file) ? readFileSync(file, 'utf8') : '';
}

/** Undefined unless the process of this lab lives. */
function qemuProcess(pidFile: string, labDirectory: string): string | undefined {
  const pid = Number(read(pidFile));
  if (!(pid > 1)) return undefined;
  try {
    if (!readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes(labDirectory)) return undefined;
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return fields[0] === 'Z' ? undefined : `process ${pid} of ${fields[19] ?? '?'}`;
  } catch {
    // It has ended just now.
    return undefined;
  }
}
