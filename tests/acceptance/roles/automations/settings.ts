/** Lines that an operator gives vbmc once, before an automation that was written for VirtualBMC. */
import { dirname } from 'node:path';

/** As the page on migration from VirtualBMC has it: the service sees no home directory. */
const KEPT_FILES = '/var/lib/vbmc/virtualbmc';
const INVENTORY = '/etc/vbmc/domains.ini';

/** Adds a `[vbmc]` section with these keys to the inventory. */
export function withSettings(...keys: readonly string[]): string {
  const lines = ['', '[vbmc]', ...keys].join('\\n');
  return `printf '${lines}\\n' >> ${INVENTORY} && systemctl reload vbmc\n`;
}

/** For an automation that looks whether `DIRECTORY/NAME/config` is there: the service keeps such files, and a link is where they are expected. */
export function withFilesAt(directory: string): string {
  const link = `mkdir -p ${dirname(directory)} && ln -sfn ${KEPT_FILES} ${directory}\n`;
  return link + withSettings(`virtualbmc_dir = ${KEPT_FILES}`);
}

/** VirtualBMC's password for BMCs that are added without one. */
export const DEFAULT_PASSWORD = `sed -i '/^\\[DEFAULT\\]/a password = password' ${INVENTORY} && systemctl reload vbmc\n`;

/** For an automation that writes a unit of its own. */
export const WITHOUT_OUR_UNIT = 'systemctl disable --now vbmc\n';

/** For connections with a key of root's, below /root: our service runs as root, and sees it. libvirt drops ssh's capabilities then. */
export const SERVICE_AS_ROOT = `mkdir -p /etc/systemd/system/vbmc.service.d
printf '[Service]\\nUser=root\\nGroup=root\\nProtectHome=no\\nCapabilityBoundingSet=CAP_SETPCAP\\n' > /etc/systemd/system/vbmc.service.d/root.conf
systemctl daemon-reload && systemctl restart vbmc
`;
