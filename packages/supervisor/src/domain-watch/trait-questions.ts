/** Asks libvirt for the sensors of domains: how much processor time they have used, of how many processors, and about disks. */
import type { FollowVirsh, VirshConnection } from '@vbmc/bmc-worker/libvirt';
import type { DomainTraits } from './domain-facts.ts';
import { readTraits, traitCommands, type TraitSubject } from './trait-answers.ts';

/** `dominfo` takes ten calls. Those that wait are asked by the next virsh, so that all of one are asked at about the same moment. */
const DOMAINS_AT_A_TIME = 50;
/** A domain has some twenty lines. */
const MAXIMUM_LINES = 10_000;

export interface TraitOptions {
  readonly connection: () => VirshConnection;
  readonly isTrusted: () => boolean;
  /** The domains whose traits are not known, or old, and that may be asked. */
  readonly lacking: () => readonly TraitSubject[];
  /** Each domain is asked once, whatever libvirt answers, until it lacks them again. */
  readonly asked: (subject: TraitSubject) => void;
  readonly take: (domainName: string, traits: DomainTraits) => void;
}

/**
 * One virsh asks for many domains, of which somebody reads the sensors. It is not killed, and no other is started while it runs: a virsh that is killed
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
    for (const subject of subjects) asked(subject);
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
          const traits = readTraits(subjects, lines, complaints);
          for (const { domainName, uuid } of subjects) take(domainName, traits.get(uuid) ?? {});
          this.askNext();
        },
      },
    );
  }
}
