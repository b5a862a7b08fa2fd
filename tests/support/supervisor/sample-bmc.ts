import type { ExportedBmc } from '#supervisor/export/exported-bmc.ts';
import { Secret } from '#supervisor/inventory/secret.ts';

const withoutDisk: ExportedBmc = {
  name: 'node-0',
  domainName: 'vm-0',
  connectionUri: 'qemu:///system',
  address: '192.0.2.7',
  port: 6230,
  username: 'admin',
  needsKg: false,
  secrets: { password: new Secret('a "secret"; {{ x }}') },
  domain: {
    uuid: '3f0a9ad2-9bb5-4a4b-9c0b-0d5b9c1c2e11',
    macs: ['52:54:00:00:00:01', '52:54:00:00:00:02'],
    cpus: 4,
    memoryMib: 8192,
    architecture: 'x86_64',
    bootMode: 'uefi',
  },
};

export const sampleBmc: ExportedBmc = { ...withoutDisk, diskGib: 40 };

const KG = '00112233445566778899aabbccddeeff00112233';

/** With everything that can be otherwise being so: IPv6, the standard port, a K_g, no disk, no network card. */
export const bareBmc: ExportedBmc = {
  ...withoutDisk,
  name: 'Web_1.example.org',
  domainName: 'web',
  address: '2001:db8::7',
  port: 623,
  needsKg: true,
  secrets: { ...sampleBmc.secrets, kg: new Secret(KG) },
  domain: { ...sampleBmc.domain, macs: [], architecture: 'aarch64' },
};
