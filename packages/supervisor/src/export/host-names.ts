/** Names that a receiving system accepts, made of BMCs' names, which may hold anything. */
import type { Note } from './export-format.ts';
import type { ExportedBmc } from './exported-bmc.ts';

export interface NameRule {
  /** What may not stand in a name, as a set for a regular expression. */
  readonly forbidden: RegExp;
  readonly lowerCase: boolean;
  readonly maximumLength: number;
}

/** RFC 3986 unreserved characters: Ironic's node names, TripleO's with them. */
export const ironicNames: NameRule = {
  forbidden: /[^A-Za-z0-9._~-]+/g,
  lowerCase: false,
  maximumLength: 255,
};
/** RFC 1123 subdomains: Kubernetes. `-bmc` has to fit behind them. */
export const kubernetesNames: NameRule = { forbidden: /[^a-z0-9.-]+/g, lowerCase: true, maximumLength: 240 };
/** One label of a host name: what follows a dot MAAS takes for a domain. */
export const labels: NameRule = { forbidden: /[^a-z0-9-]+/g, lowerCase: true, maximumLength: 63 };
/** Ansible expands `[1:3]` and cuts at `:` in names of hosts. */
export const ansibleNames: NameRule = {
  forbidden: /[^A-Za-z0-9._-]+/g,
  lowerCase: false,
  maximumLength: 255,
};

export interface Named {
  readonly bmc: ExportedBmc;
  readonly hostName: string;
}

/** Each BMC with a name of its own by that rule, and a note wherever it is not the BMC's. */
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
    .map(({ bmc, hostName }) => ({ name: bmc.name, text: `is called ${hostName} there` }));
  return { named, notes };
}

function conforming(name: string, { forbidden, lowerCase, maximumLength }: NameRule): string {
  const spelled = (lowerCase ? name.toLowerCase() : name).replaceAll(forbidden, '-');
  const dotted = spelled.replaceAll(/[.-]*\.[.-]*/g, '.').slice(0, maximumLength);
  return dotted.replaceAll(/^[._~-]+|[._~-]+$/g, '') || 'bmc';
}
