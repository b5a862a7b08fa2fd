/** One BMC of a lab, as a remote console addresses it. */
export interface LabBmc {
  readonly name: string;
  readonly domain: string;
  readonly address: string;
  readonly port: number;
  readonly username: string;
  readonly password: string;
}

/** The inventory of vbmcd: a section for each BMC. Further keys go into each section as they are. */
export function inventoryText(
  connectionUri: string,
  bmcs: readonly LabBmc[],
  furtherKeys: Readonly<Record<string, string>> = {},
): string {
  return bmcs
    .map((bmc) => {
      const keys = {
        domain_name: bmc.domain,
        address: bmc.address,
        port: bmc.port,
        username: bmc.username,
        password: bmc.password,
        libvirt_uri: connectionUri,
        ...furtherKeys,
      };
      const lines = Object.entries(keys).map(([key, value]) => `${key} = ${value}`);
      return `[${bmc.name}]\n${lines.join('\n')}\n`;
    })
    .join('\n');
}
