/** Lines that an operator gives vbmc once, before an automation that was written for VirtualBMC. */

const INVENTORY = '/etc/vbmc/domains.ini';

/** Adds a `[vbmc]` section with these keys to the inventory. */
export function withSettings(...keys: readonly string[]): string {
  const lines = ['', '[vbmc]', ...keys].join('\\n');
  return `printf '${lines}\\n' >> ${INVENTORY} && systemctl reload vbmc\n`;
}

/** VirtualBMC's password for BMCs that are added without one. */
export const DEFAULT_PASSWORD = `sed -i '/^\\[DEFAULT\\]/a password = password' ${INVENTORY} && systemctl reload vbmc\n`;

/** For an automation that writes a unit of its own. */
export const WITHOUT_OUR_UNIT = 'systemctl disable --now vbmc\n';
