/** Asks libvirt what domains are made of, for their sensors: the number of processors, and whether there is a disk. */
import type { FollowVirsh, VirshConnection } from '@vbmc/bmc-worker/libvirt';
import type { DomainTraits } from './domain-facts.ts';
import { readTraits, traitCommands, type TraitSubject } from './trait-answers.ts';

/** The commands for 100 domains are 20 kB; Linux allows 128 kB in one argument. */
const DOMAINS_AT_A_TIME = 100;
/** A domain has some ten disks. */
const MAXIMUM_LINES = 10_000;

export interface TraitOptions {
  readonly connection: () => VirshConnection;
  readonly isTrusted: () => boolean;
  /** The domains whose traits are not known, or old, and that may be asked. */
  readonly lacking: () => readonly (TraitSubject & { readonly domainName: string })[];
  /** Each domain is asked once, whatever libvirt answers, until it lacks them again. */
  readonly asked: (domainName: string) => void;
  readonly take: (domainName: string, traits: DomainTraits) => void;
}

/**
 * One virsh asks for many domains, after a snapshot. It is not killed, and no other is started while it runs: a virsh that is killed
 * leaves libvirtd waiting.
 */
export class TraitQuestions {
  readonly #followVirsh: FollowVirsh;
  readonly #options: TraitOptions;
  #runs = false;

  constructor({ followVirsh }: { readonly followVirsh: FollowVirsh }, options: TraitOptions) {
    this.#followVirsh = followVirsh;
    this.#options = options;
  }

  get runs(): boolean {
    return this.#runs;
  }

  askNext(): void {
    const { connection, isTrusted, lacking, asked, take } = this.#options;
    if (this.#runs || !isTrusted()) return;
    const subjects = lacking().slice(0, DOMAINS_AT_A_TIME);
    if (subjects.length === 0) return;
    for (const { domainName } of subjects) asked(domainName);
    this.#runs = true;
    const lines: string[] = [];
    const complaints: string[] = [];
    this.#followVirsh(
      { ...connection(), args: [traitCommands(subjects)] },
      {
        line: (stream, line) => {
          const kept = stream === 'stdout' ? lines : complaints;
          if (kept.length < MAXIMUM_LINES) kept.push(line);
        },
        // The exit code says nothing: it is that of the last command.
        ended: () => {
          this.#runs = false;
          const traits = readTraits(lines, complaints);
          for (const { domainName, uuid } of subjects) take(domainName, traits.get(uuid) ?? {});
        },
      },
    );
  }
}
