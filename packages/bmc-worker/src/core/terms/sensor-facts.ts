/** What sensors are made of, in libvirt's terms. */

/** Why libvirt has the domain off (virDomainShutoffReason), as far as sensors tell it apart. `other`: saved, migrated, unknown. */
export const domainEnds = ['shutdown', 'destroyed', 'crashed', 'failed', 'other'] as const;
export type DomainEnd = (typeof domainEnds)[number];

/** A part that is absent is not known. */
export interface SensorFacts {
  /** How much of its virtual processors the running domain has used lately, in percent. */
  readonly cpuPercent?: number;
  /** How much of its memory the guest uses, in percent. */
  readonly memoryPercent?: number;
  /** How the domain has ended, since it last started. */
  readonly end?: DomainEnd;
  /** Whether the guest has panicked since the domain last started. */
  readonly hasPanicked?: true;
  /** Whether the domain has a disk. */
  readonly hasDisk?: boolean;
}
