import type { FollowedCommand, FollowVirsh, VirshListener } from '#worker/libvirt/follow-virsh.ts';

/** A virsh without a process, which prints and ends when the test calls it to. */
export class ScriptedVirsh {
  readonly command: FollowedCommand;
  killed = false;
  ended = false;
  readonly #listener: VirshListener;

  constructor(command: FollowedCommand, listener: VirshListener) {
    this.command = command;
    this.#listener = listener;
  }

  get runs(): boolean {
    return !this.killed && !this.ended;
  }

  prints(...lines: readonly string[]): void {
    for (const line of lines) if (this.runs) this.#listener.line('stdout', line);
  }

  complains(line: string): void {
    if (this.runs) this.#listener.line('stderr', line);
  }

  ends(cause?: string): void {
    if (!this.runs) return;
    this.ended = true;
    this.#listener.ended(cause);
  }

  kill(): void {
    this.killed = true;
  }
}

/** Collects the followed commands in the order of their start: streams, snapshots, surveys, single questions and those about traits separately. */
export function scriptedVirsh(): {
  followVirsh: FollowVirsh;
  streams: ScriptedVirsh[];
  snapshots: ScriptedVirsh[];
  surveys: ScriptedVirsh[];
  questions: ScriptedVirsh[];
  traits: ScriptedVirsh[];
} {
  const streams: ScriptedVirsh[] = [];
  const snapshots: ScriptedVirsh[] = [];
  const surveys: ScriptedVirsh[] = [];
  const questions: ScriptedVirsh[] = [];
  const traits: ScriptedVirsh[] = [];
  const followVirsh: FollowVirsh = (command, listener) => {
    const virsh = new ScriptedVirsh(command, listener);
    const [script = ''] = command.args;
    if (script === 'domstate') questions.push(virsh);
    else if (script.includes('domstats')) snapshots.push(virsh);
    else if (/dominfo|domblklist/.test(script)) traits.push(virsh);
    else if (script.includes('metadata')) surveys.push(virsh);
    else streams.push(virsh);
    return () => {
      virsh.kill();
    };
  };
  return { followVirsh, streams, snapshots, surveys, questions, traits };
}
