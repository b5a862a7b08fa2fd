/**
 * What libvirt does to a QEMU domain when its guest reboots (libvirt's formatdomain, "Events configuration"): with
 * `<on_reboot>destroy`, as in the installation phase of virt-install, a reset ends the process. virsh reports success then.
 */

/** Whether a reset ends a domain with this live definition. libvirt writes the element itself, two blanks deep. */
export function endsOnReset(liveXml: string): boolean {
  const action = /^ {2}<on_reboot>([a-z-]+)<\/on_reboot>$/m.exec(liveXml)?.[1];
  return action !== undefined && action !== 'restart';
}
