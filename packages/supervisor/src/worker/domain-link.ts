/** Between one BMC's worker and what the supervisor knows of its domain: news of it, and its power restore policy. */
import type { BmcConfiguration, SupervisorMessage, WorkerMessage } from '@vbmc/bmc-worker/ipc';
import type { DomainUpdateSource } from '../domain-watch/domain-watches.ts';
import type { PowerRestore } from '../power-restore/power-restore.ts';

/** Each may be missing: then the worker asks libvirt itself, and no policy can be stored. */
export interface DomainServices {
  readonly domainUpdates?: DomainUpdateSource;
  readonly powerRestore?: Pick<PowerRestore, 'policyOf' | 'setPolicy' | 'saw'>;
}

export class DomainLink {
  readonly #services: DomainServices;
  readonly #send: (message: SupervisorMessage) => void;
  #leave: () => void = () => undefined;

  constructor(services: DomainServices, send: (message: SupervisorMessage) => void) {
    this.#services = services;
    this.#send = send;
  }

  /** What a worker is told, with what is stored about its BMC. `follows`: another, which has ended unasked. */
  complete(configuration: BmcConfiguration, follows: boolean): BmcConfiguration {
    const { domainUpdates, powerRestore } = this.#services;
    return {
      ...configuration,
      readsDomainAtStart: follows || domainUpdates === undefined,
      ...(powerRestore !== undefined && { powerRestorePolicy: powerRestore.policyOf(configuration.name) }),
    };
  }

  /** The worker is ready: tells it what becomes of its domain, until `close`. */
  open({ name, domainName, connectionUri, libvirtAuthFile }: BmcConfiguration): void {
    const { domainUpdates, powerRestore } = this.#services;
    this.close();
    if (domainUpdates === undefined) return;
    this.#leave = domainUpdates.subscribe(connectionUri, {
      domainName,
      libvirtAuthFile,
      takeBootOverride: (element) => {
        this.#send({ type: 'bootOverride', ...(element !== undefined && { element }) });
      },
      take: (domainState, event, uuid) => {
        if (domainState === undefined) {
          this.#send({ type: 'domainStateUntrusted' });
          return;
        }
        this.#send({
          type: 'domainState',
          domainState,
          ...(event !== undefined && { event }),
          ...(uuid !== undefined && { uuid }),
        });
        if (powerRestore?.saw(name, domainState) === true) {
          this.#send({ type: 'powerUp', cause: 'power restore policy' });
        }
      },
    });
  }

  close(): void {
    this.#leave();
    this.#leave = () => undefined;
  }

  /** Stores a policy and tells the worker what came of it. */
  async storePolicy(
    name: string,
    { requestId, policy }: Extract<WorkerMessage, { type: 'powerRestorePolicy' }>,
  ): Promise<void> {
    const failure = await (this.#services.powerRestore?.setPolicy(name, policy) ??
      Promise.resolve('there is no state directory'));
    this.#send({ type: 'powerRestorePolicyStored', requestId, ...(failure !== undefined && { failure }) });
  }
}
