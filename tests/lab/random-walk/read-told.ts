import type { LabBmc } from '../inventory-text.ts';
import type { Lab } from '../lab.ts';
import type { BootDevice } from './operation.ts';

/** What a BMC tells ipmitool about its domain. */
export interface Told {
  /** `power status` and `chassis status`. */
  readonly power: readonly string[];
  readonly lastPowerEvent: string;
  readonly policy: string;
  readonly flags: { readonly device: BootDevice | 'none'; readonly persistent: boolean };
  /** Get System GUID, as libvirt writes a UUID. */
  readonly uuid: string;
}

const commands = ['power status', 'chassis status', 'chassis bootparam get 5', 'raw 0x06 0x37'];

const devices: Readonly<Record<string, BootDevice | 'none'>> = {
  'No override': 'none',
  'Force PXE': 'pxe',
  'Force Boot from default Hard-Drive': 'disk',
  'Force Boot from CD/DVD': 'cdrom',
};

/** Throws when there is no whole answer. */
export async function readTold(lab: Lab, bmc: LabBmc): Promise<Told> {
  // A file for each BMC: it is written while ipmitool reads another one.
  const file = lab.libvirt.directory.write(
    `random-walk-questions/${bmc.name}`,
    commands.map((line) => `${line}\n`).join(''),
  );
  const { stdout, stderr } = await lab.ipmitool(bmc, ['exec', file]);
  const field = (pattern: RegExp): string => {
    const [, value] = pattern.exec(stdout) ?? [];
    if (value === undefined) throw new Error(`no ${String(pattern)} in ipmitool's ${stdout}${stderr}`);
    return value.trim();
  };
  const selector = field(/^ *- Boot Device Selector : (.*)$/m);
  const valid = /- Boot Flag Valid$/m.test(stdout);
  return {
    power: [field(/^Chassis Power is (\w+)$/m), field(/^System Power +: (\w+)$/m)],
    lastPowerEvent: field(/^Last Power Event +:(.*)$/m),
    policy: field(/^Power Restore Policy +: (.*)$/m),
    flags: {
      device: valid ? known(selector) : 'none',
      persistent: /- Options apply to all future boots$/m.test(stdout),
    },
    uuid: uuidOf(field(/^((?: [0-9a-f]{2}){16})\s*$/m).split(' ')),
  };
}

function known(selector: string): BootDevice | 'none' {
  const device = devices[selector];
  if (device === undefined) throw new Error(`the walk never sets the boot device ${selector}`);
  return device;
}

/** SMBIOS order: the first three fields have their least significant byte first. */
function uuidOf(bytes: readonly string[]): string {
  const group = (...at: readonly number[]): string => at.map((index) => bytes[index]).join('');
  return [group(3, 2, 1, 0), group(5, 4), group(7, 6), group(8, 9), group(10, 11, 12, 13, 14, 15)].join('-');
}
