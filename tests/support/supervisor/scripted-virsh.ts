import type { FollowedCommand, FollowVirsh, VirshListener } from '#worker/libvirt/follow-virsh.ts';

/** A virsh that exists in the test only, and prints and ends when the test says so. */
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

/** Collects them in the order in which they were started: streams, snapshots and surveys apart. */
export function scriptedVirsh(): {
  followVirsh: FollowVirsh;
  streams: ScriptedVirsh[];
  snapshots: ScriptedVirsh[];
  surveys: ScriptedVirsh[];
} {
  const streams: ScriptedVirsh[] = [];
  const snapshots: ScriptedVirsh[] = [];
  const surveys: ScriptedVirsh[] = [];
  const followVirsh: FollowVirsh = (command, listener) => {
    const virsh = new ScriptedVirsh(command, listener);
    const [words = ''] = command.args;
    const kind = words.includes('domstats') ? snapshots : words.includes('metadata') ? surveys : streams;
    kind.push(virsh);
    return () => {
      virsh.kill();
    };
  };
  return { followVirsh, streams, snapshots, surveys };
}
