import type { BmcDevice } from '../../domain/bmc-device.ts';
import type { LanFacts } from '../../terms/lan-facts.ts';
import type { SessionDirectory } from './handler.ts';

/** What clients have set, and what was asked for them, in a BMC of which a client has asked something of this kind. */
export class Settings {
  /** The sessions that have set "set in progress" of the LAN and System Info parameters. */
  lanSetBy: number | undefined;
  systemInfoSetBy: number | undefined;
  /** By parameter: the blocks of 16 bytes that clients have set. Gone after a restart of the BMC. */
  readonly systemInfo = new Map<number, Uint8Array[]>();
  lan: { readonly facts: LanFacts; readonly askedAt: number } | undefined;
}

/** Not in `BmcDevice`: most BMCs have none. */
const settings = new WeakMap<BmcDevice, Settings>();

export function settingsOf(device: BmcDevice): Settings {
  let known = settings.get(device);
  if (known === undefined) {
    known = new Settings();
    settings.set(device, known);
  }
  return known;
}

/** A session that ended without "set complete" does not lock out the others. */
export function isHeld(holder: number | undefined, sessions: SessionDirectory): boolean {
  return holder !== undefined && sessions.find(holder) !== undefined;
}
