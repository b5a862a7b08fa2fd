import type { NodeUnderTest } from './node-under-test.ts';
import type { Step } from './step.ts';

interface BootDevice {
  readonly boot_device?: string;
  readonly persistent?: boolean;
}

/** Each is set for both boot modes: Ironic uses `chassis bootdev` for BIOS, and raw bytes for UEFI. */
const devicesOfEachMode: readonly (readonly [string, boolean])[] = [
  ['pxe', false],
  ['pxe', true],
  ['disk', true],
  ['disk', false],
  ['cdrom', false],
  ['bios', false],
  ['safe', false],
];
const getBootFlags = ['raw', '0x00', '0x09', '0x05', '0x00', '0x00'];

export const supportedBootDevices: Step = {
  name: 'supported-boot-devices',
  needs: 'enroll',
  run: async (node) => {
    // Ironic's own list: it asks the BMC nothing.
    const path = `/nodes/${node.name}/management/boot_device/supported`;
    const { supported_boot_devices: devices } = (await node.api.get(path)) as {
      readonly supported_boot_devices: readonly string[];
    };
    const missing = ['pxe', 'disk', 'cdrom'].filter((device) => !devices.includes(device));
    if (missing.length > 0) throw new Error(`no ${missing.join(', ')} in ${devices.join(', ')}`);
    return [...devices].sort().join(' ');
  },
};

export const bootSteps: readonly Step[] = [
  {
    name: 'get-boot-device',
    needs: 'manage',
    run: async (node) => describe(await readDevice(node)),
  },
  ...devicesOfEachMode.map(([device, persistent]) => setAndRead('uefi', device, persistent)),
  { name: 'boot-uefi-raw-flags', needs: 'manage', run: readFlagsByHand },
  ...devicesOfEachMode.map(([device, persistent]) => setAndRead('bios', device, persistent)),
];

function setAndRead(mode: 'uefi' | 'bios', device: string, persistent: boolean): Step {
  return {
    name: `boot-${mode}-${device}-${persistent ? 'persistent' : 'once'}`,
    needs: 'manage',
    run: async (node) => {
      await setBootMode(node, mode);
      const wanted = { boot_device: device, persistent };
      await node.api.put(devicePath(node), wanted);
      const read = await readDevice(node);
      if (describe(read) !== describe(wanted)) {
        throw new Error(`set ${describe(wanted)}, but the BMC then reports ${describe(read)}`);
      }
      return `${describe(read)} read back`;
    },
  };
}

async function readFlagsByHand(node: NodeUnderTest): Promise<string> {
  await setBootMode(node, 'uefi');
  await node.api.put(devicePath(node), { boot_device: 'pxe', persistent: true });
  const { exitCode, stdout, stderr } = await node.ipmitool(...getBootFlags);
  const flags = stdout.trim().toLowerCase().split(/\s+/).slice(2, 4).join(' ');
  if (exitCode !== 0) throw new Error(`Get System Boot Options failed: ${stderr.trim()}`);
  const meaning = 'valid, persistent, EFI, PXE';
  if (flags !== 'e0 04') throw new Error(`Ironic wrote e0 04 (${meaning}), the BMC gives back ${flags}`);
  return `e0 04 (${meaning})`;
}

export async function setBootMode(node: NodeUnderTest, mode: 'uefi' | 'bios'): Promise<void> {
  const capabilities = { op: 'add', path: '/properties/capabilities', value: `boot_mode:${mode}` };
  await node.api.patch(`/nodes/${node.name}`, [capabilities]);
}

async function readDevice(node: NodeUnderTest): Promise<BootDevice> {
  return (await node.api.get(devicePath(node))) as BootDevice;
}

function devicePath(node: NodeUnderTest): string {
  return `/nodes/${node.name}/management/boot_device`;
}

function describe({ boot_device: device, persistent }: BootDevice): string {
  return `${device ?? 'none'}, persistent ${String(persistent)}`;
}
