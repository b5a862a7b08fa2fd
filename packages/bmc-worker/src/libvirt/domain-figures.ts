/** What `virsh domstats --state --raw` tells of each domain beside its state. */

export interface DomainFigures {
  /** Why the domain is off, by libvirt's number (virDomainShutoffReason); undefined: it is not off. */
  readonly offReason?: number;
}

/** libvirt: VIR_DOMAIN_SHUTOFF in its libvirt-domain.h. */
const SHUTOFF = '5';

/** By the domains' names, without a name that is there twice. Other lines are skipped. */
export function parseDomainFigures(stdout: string): ReadonlyMap<string, DomainFigures> {
  const figures = new Map<string, DomainFigures>();
  const seen = new Set<string>();
  const ambiguous = new Set<string>();
  for (const section of stdout.split(/^Domain: '/m).slice(1)) {
    const name = /^(.+)'$/m.exec(section)?.[1];
    if (name === undefined) continue;
    if (seen.has(name)) ambiguous.add(name);
    seen.add(name);
    const field = (key: string): string | undefined =>
      new RegExp(`^ {2}${key}=([0-9]{1,20})$`, 'm').exec(section)?.[1];
    const isOff = field(String.raw`state\.state`) === SHUTOFF;
    figures.set(name, isOff ? { offReason: Number(field(String.raw`state\.reason`) ?? 0) } : {});
  }
  for (const name of ambiguous) figures.delete(name);
  return figures;
}
