/** Those who want to know everything that libvirt reports of a domain, as it comes: the event logs. */
import type { DomainEnd, DomainState } from '@vbmc/bmc-worker/ipc';
import type { VirshEvent, VirshIncident } from '@vbmc/bmc-worker/libvirt';

export interface DomainListener {
  readonly domainName: string;
  readonly libvirtAuthFile: string | undefined;
  /** Called before anything follows from the event. */
  readonly takeEvent: (event: VirshEvent) => void;
  readonly takeIncident: (incident: VirshIncident) => void;
  /** Called when the watch becomes sure of its states, and some time after each change. `end`: how it has ended, if it is off. */
  readonly takeState: (domainState: DomainState, end: DomainEnd | undefined) => void;
  /** Called when the watch is not sure of the state any more, or there is no such domain. */
  readonly takeDoubt: () => void;
}

export class DomainListeners {
  readonly #byDomain = new Map<string, Set<DomainListener>>();

  get isEmpty(): boolean {
    return this.#byDomain.size === 0;
  }

  /** The files with credentials for libvirt, each of which will do. */
  get authFiles(): readonly string[] {
    return [...this.#byDomain.values()].flatMap((ofDomain) =>
      [...ofDomain].flatMap(({ libvirtAuthFile }) => libvirtAuthFile ?? []),
    );
  }

  /** The returned function removes the listener. */
  add(listener: DomainListener): () => void {
    const { domainName } = listener;
    const ofDomain = this.#byDomain.get(domainName) ?? new Set();
    this.#byDomain.set(domainName, ofDomain.add(listener));
    return () => {
      ofDomain.delete(listener);
      if (ofDomain.size === 0 && this.#byDomain.get(domainName) === ofDomain)
        this.#byDomain.delete(domainName);
    };
  }

  tellEvent(event: VirshEvent): void {
    for (const { takeEvent } of this.#of(event.domainName)) takeEvent(event);
  }

  tellIncident(incident: VirshIncident): void {
    for (const { takeIncident } of this.#of(incident.domainName)) takeIncident(incident);
  }

  tellStates(
    stateOf: (domainName: string) => DomainState | undefined,
    endOf: (domainName: string) => DomainEnd | undefined,
  ): void {
    for (const [domainName, ofDomain] of [...this.#byDomain]) {
      const domainState = stateOf(domainName);
      for (const { takeState, takeDoubt } of [...ofDomain])
        if (domainState === undefined) takeDoubt();
        else takeState(domainState, endOf(domainName));
    }
  }

  #of(domainName: string): readonly DomainListener[] {
    return [...(this.#byDomain.get(domainName) ?? [])];
  }
}
