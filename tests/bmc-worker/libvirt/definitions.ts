/** Definitions for tests, as libvirt's `dumpxml` prints them. */

/** Two network cards with orders 1 and 3, a disk with order 2 between them. */
export const PER_DEVICE = `<domain type='qemu'>
  <name>node-0</name>
  <os><type arch='x86_64' machine='pc'>hvm</type></os>
  <devices>
    <disk type='file' device='disk'><target dev='vda' bus='virtio'/><boot order='2'/></disk>
    <disk type='file' device='disk'><target dev='vdb' bus='virtio'/></disk>
    <disk type='file' device='cdrom'><target dev='sda' bus='sata'/><readonly/></disk>
    <interface type='network'><mac address='52:54:00:00:00:01'/><boot order='1'/></interface>
    <interface type='network'><mac address='52:54:00:00:00:02'/><boot order='3'/></interface>
    <graphics type='vnc' passwd='s3cr&amp;t'/>
  </devices>
</domain>
`;

export const OS_BOOT = `<domain type='qemu'>
  <name>node-0</name>
  <os>
    <type arch='x86_64' machine='pc'>hvm</type>
    <boot dev='hd'/>
    <boot dev='network'/>
  </os>
  <devices>
    <disk type='file' device='disk'><target dev='vda' bus='virtio'/></disk>
    <interface type='network'><mac address='52:54:00:00:00:01'/></interface>
  </devices>
</domain>
`;
