/** What the next boot must come from, as far as acknowledged commands decide it. Pure. */
import type { BootDevice, ChaosCommand } from './command.ts';

export interface Override {
  readonly device: BootDevice;
  readonly persistent: boolean;
  /** When the BMC acknowledged it, in milliseconds. */
  readonly since: number;
}

/** A one-shot override expires after 60 s without a boot. */
const SURELY_THERE_MS = 55_000;

/** Undefined: it may have expired. */
export function nextBoot(override: Override | undefined, at: number): BootDevice | undefined {
  if (override === undefined) return 'disk';
  return override.persistent || at - override.since < SURELY_THERE_MS ? override.device : undefined;
}

/** What is left of the override after an acknowledged command. */
export function overrideAfter(
  override: Override | undefined,
  command: ChaosCommand,
  { boots, at }: { readonly boots: number; readonly at: number },
): Override | undefined {
  if (command.verb === 'bootdev') {
    const { device, persistent } = command;
    return device === 'none' ? undefined : { device, persistent, since: at };
  }
  return boots > 0 && override?.persistent !== true ? undefined : override;
}

/** What a guest says when it boots from the device, or how that begins: network cards are numbered. */
const saidOf: Readonly<Record<BootDevice, string>> = {
  pxe: 'boot net',
  disk: 'boot disk',
  cdrom: 'boot cdrom',
};

export function judgeBoots(
  said: readonly string[],
  expected: { readonly count: number; readonly device: BootDevice | undefined; readonly isExact: boolean },
): readonly string[] {
  const { count, device, isExact } = expected;
  const wrong: string[] = [];
  if (isExact ? said.length !== count : said.length < count)
    wrong.push(`the guest has booted ${said.length} times, not ${count}`);
  const last = said.at(-1);
  if (count > 0 && last !== undefined && device !== undefined && !last.startsWith(saidOf[device]))
    wrong.push(`the guest says "${last}", and had to boot from ${device}`);
  return wrong;
}
