/** What libvirt and the guest say about a domain at one moment. Pure. */

export interface DomainFacts {
  /** libvirt's word. */
  readonly state: string;
  /** The QEMU process: its id and start time. */
  readonly process: string | undefined;
  /** How many starts of the domain libvirt has reported so far. */
  readonly starts: number;
  /**
   * How many resets libvirt has reported so far. SeaBIOS makes two of its own after a reset, so only the guest's boots tell how
   * often it was reset.
   */
  readonly resets: number;
  /** How often the guest has said that it boots. */
  readonly boots: number;
  /** Another number after a restart of libvirtd: what happened across one may have gone unreported, or begun twice. */
  readonly libvirtLife: number;
}

export function isOn({ state }: Pick<DomainFacts, 'state'>): boolean {
  return state !== 'shut off';
}

export function describeFacts(facts: DomainFacts): string {
  const { state, process = 'no process', starts, resets, boots, libvirtLife } = facts;
  return `${state}, ${process}, ${starts} starts, ${resets} resets, ${boots} boots, life ${libvirtLife} of libvirtd`;
}

export function isSame(one: DomainFacts, other: DomainFacts): boolean {
  return (
    one.state === other.state &&
    one.process === other.process &&
    one.starts === other.starts &&
    one.resets === other.resets
  );
}
