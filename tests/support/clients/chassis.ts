import { chassisControlCommand, getChassisStatus, type ChassisControl } from '@vbmc/ipmi-codec';
import type { LabBmc } from '#lab/inventory-text.ts';
import { rawCommand } from '../console/raw-command.ts';
import { UdpConsole, type UdpConsoleOptions } from '../console/udp-console.ts';
import { consoleTo } from './console-to.ts';

/** What a remote console is told: completion codes as they come over the wire. One session for each call. */
export interface Chassis {
  control(chassisControl: ChassisControl): Promise<number>;
  /** `on`, `off`, or the completion code of the refusal. */
  power(): Promise<'on' | 'off' | number>;
  /** Set System Boot Options, parameter 5, with these five bytes (any of them left out is 0). */
  setBootFlags(...bytes: readonly number[]): Promise<number>;
  /** Get System Boot Options, parameter 5: its five bytes. */
  bootFlags(): Promise<readonly number[]>;
}

export function chassisOf(bmc: LabBmc, options: Partial<UdpConsoleOptions> = {}): Chassis {
  const inSession = async <T>(ask: (session: UdpConsole) => Promise<T>): Promise<T> => {
    const session = await UdpConsole.connect(consoleTo(bmc, options));
    try {
      return await ask(session);
    } finally {
      await session.close();
    }
  };
  return {
    control: (chassisControl) =>
      inSession(async (session) => {
        const { completionCode } = await session.request(chassisControlCommand, { chassisControl });
        return completionCode;
      }),
    power: () =>
      inSession(async (session) => {
        const { completionCode, value } = await session.request(getChassisStatus, undefined);
        if (value === undefined) return completionCode;
        return value.powerOn ? 'on' : 'off';
      }),
    setBootFlags: (...bytes) =>
      inSession(async (session) => {
        const data = Uint8Array.from({ length: 6 }, (_, at) => [5, ...bytes][at] ?? 0);
        const { completionCode } = await session.request(rawCommand('chassis', 0x08), data);
        return completionCode;
      }),
    bootFlags: () =>
      inSession(async (session) => {
        const { value } = await session.request(rawCommand('chassis', 0x09), Uint8Array.of(5, 0, 0));
        // Version and parameter selector come first.
        return [...(value ?? [])].slice(2);
      }),
  };
}
