import { defineGuest, type Guest, type GuestOptions } from './guest.ts';
import type { LabBmc } from './inventory-text.ts';
import { startPrivateLibvirt, type PrivateLibvirt } from './private-libvirt.ts';
import { planBmcs, startLabVbmcd, type ListedBmc, type LabVbmcd, type VbmcdOptions } from './vbmcd.ts';
import { waitFor } from '#support/wait-for.ts';
import { ipmiClients, type IpmiClients } from '#support/clients/ipmi-clients.ts';

/** Real QEMU domains `node-0`, `node-1`, … on a private libvirt, and a vbmcd with a BMC for each. */
export interface Lab extends IpmiClients {
  readonly libvirt: PrivateLibvirt;
  readonly vbmcd: LabVbmcd;
  /** The BMC and the guest of `node-N`. */
  bmc(index: number): LabBmc;
  guest(index: number): Guest;
  /** libvirt's word for a domain's state: `running`, `shut off`, … */
  domstate(name: string): Promise<string>;
  waitForDomstate(name: string, state: string): Promise<void>;
  /** Everything the guest has printed. */
  serialLog(name: string): string;
  /** Waits until a guest has said this for the `count`th time (default: the first). */
  waitForSerial(name: string, line: string, count?: number): Promise<void>;
  vbmcList(): Promise<readonly ListedBmc[]>;
  /** Leaves nothing behind; rejects if it could not. */
  stop(): Promise<void>;
}

export interface LabOptions {
  /** How many domains, or what each has. Default devices: a disk (booted first), a CD-ROM, a network card. */
  readonly domains?: number | readonly GuestOptions[];
  /** Or what makes them, when they depend on the lab. */
  readonly vbmcd?: VbmcdOptions | ((libvirt: PrivateLibvirt) => VbmcdOptions);
}

const defaultGuest: GuestOptions = { boot: ['hd', 'cdrom', 'network'], cdrom: true, networkCards: [true] };

export async function startLab(options: LabOptions = {}): Promise<Lab> {
  const libvirt = await startPrivateLibvirt({ hypervisor: 'qemu' });
  try {
    const { domains = 1 } = options;
    const wanted =
      typeof domains === 'number' ? new Array<GuestOptions>(domains).fill(defaultGuest) : domains;
    const guests = new Map<string, Guest>();
    for (const [index, guestOptions] of wanted.entries()) {
      const guest = await defineGuest(libvirt, `node-${index}`, guestOptions);
      guests.set(guest.name, guest);
    }
    const vbmcdOptions = typeof options.vbmcd === 'function' ? options.vbmcd(libvirt) : options.vbmcd;
    const vbmcd = await startLabVbmcd(libvirt, await planBmcs([...guests.keys()]), vbmcdOptions);
    return { ...ipmiClients(libvirt), ...observations(libvirt, guests), ...parts(libvirt, vbmcd, guests) };
  } catch (error) {
    await libvirt.stop();
    throw error;
  }
}

function parts(libvirt: PrivateLibvirt, vbmcd: LabVbmcd, guests: ReadonlyMap<string, Guest>) {
  return {
    libvirt,
    vbmcd,
    bmc: (index: number): LabBmc => found(vbmcd.bmcs[index], `node-${index}`),
    guest: (index: number): Guest => found(guests.get(`node-${index}`), `node-${index}`),
    vbmcList: (): Promise<readonly ListedBmc[]> => vbmcd.list(),
    stop: (): Promise<void> => libvirt.stop(),
  };
}

function observations(libvirt: PrivateLibvirt, guests: ReadonlyMap<string, Guest>) {
  const domstate = async (name: string): Promise<string> => (await libvirt.virsh('domstate', name)).trim();
  const serialLog = (name: string): string => found(guests.get(name), name).serialLog();
  return {
    domstate,
    serialLog,
    waitForDomstate: async (name: string, state: string): Promise<void> => {
      await waitFor(`${name} to be ${state}`, async () => {
        const now = await domstate(name);
        if (now !== state) throw new Error(now);
        return true;
      });
    },
    waitForSerial: async (name: string, line: string, count = 1): Promise<void> => {
      await waitFor(`${name} to say "${line}" ${count} times`, () => {
        const log = serialLog(name);
        if (log.split(`${line}\r\n`).length - 1 < count) throw new Error(JSON.stringify(log));
        return true;
      });
    },
  };
}

function found<T>(value: T | undefined, name: string): T {
  if (value === undefined) throw new Error(`this lab has no ${name}`);
  return value;
}
