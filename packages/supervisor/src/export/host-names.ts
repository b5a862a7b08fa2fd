/** Turns BMCs' names, which may contain any character, into names that the receiving system accepts. */
import type { Note } from './export-format.ts';
import type { ExportedBmc } from './exported-bmc.ts';

export interface NameRule {
  /** Matches the characters that a name may not contain. */
  readonly forbidden: RegExp;
  readonly lowerCase: boolean;
  readonly maximumLength: number;
}

/** RFC 3986 unreserved characters, for the node names of Ironic and TripleO. */
export const ironicNames: NameRule = {
  forbidden: /[^A-Za-z0-9._~-]+/g,
  lowerCase: false,
  maximumLength: 255,
};
/** RFC 1123 subdomains, for Kubernetes; leaves room for the suffix `-bmc`. */
export const kubernetesNames: NameRule = { forbidden: /[^a-z0-9.-]+/g, lowerCase: true, maximumLength: 240 };
/** One label of a host name, because MAAS reads the part after a dot as a domain. */
export const labels: NameRule = { forbidden: /[^a-z0-9-]+/g, lowerCase: true, maximumLength: 63 };
/** Ansible expands `[1:3]` in host names and cuts them at `:`. */
export const ansibleNames: NameRule = {
  forbidden: /[^A-Za-z0-9._-]+/g,
  lowerCase: false,
  maximumLength: 255,
};

export interface Named {
  readonly bmc: ExportedBmc;
  readonly hostName: string;
}

/** Gives each BMC a unique name that follows the rule, and notes each name that differs from the BMC's. */
export function nameHosts(
  bmcs: readonly ExportedBmc[],
  rule: NameRule,
): { readonly named: readonly Named[]; readonly notes: readonly Note[] } {
  const taken = new Set<string>();
  const named = bmcs.map((bmc) => {
    const base = conforming(bmc.name, rule);
    let hostName = base;
    for (let count = 2; taken.has(hostName); count += 1) hostName = `${base}-${count}`;
    taken.add(hostName);
    return { bmc, hostName };
  });
  const notes = named
    .filter(({ bmc, hostName }) => bmc.name !== hostName)
    .map(({ bmc, hostName }) => ({ name: bmc.name, text: `is exported as ${hostName}` }));
  return { named, notes };
}

function conforming(name: string, { forbidden, lowerCase, maximumLength }: NameRule): string {
  const spelled = (lowerCase ? name.toLowerCase() : name).replaceAll(forbidden, '-');
  const dotted = spelled.replaceAll(/[.-]*\.[.-]*/g, '.').slice(0, maximumLength);
  return dotted.replaceAll(/^[._~-]+|[._~-]+$/g, '') || 'bmc';
}
