/** Counts the starts and resets that libvirt reports for each domain. */
import type { ChildProcess } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import type { PrivateLibvirt } from '../private-libvirt.ts';

/** virsh prints nothing when it has subscribed, which takes milliseconds. */
const SUBSCRIBED_MS = 1_500;

/** What libvirt says when it happens. */
const patterns = {
  starts: /^event 'lifecycle' for domain '([^']+)': Started /,
  resets: /^event 'reboot' for domain '([^']+)'/,
} as const;
type Counted = keyof typeof patterns;

export class LibvirtEvents {
  readonly #libvirt: PrivateLibvirt;
  readonly #counts = { starts: new Map<string, number>(), resets: new Map<string, number>() };
  #stream: ChildProcess | undefined;
  #life = 0;

  constructor(libvirt: PrivateLibvirt) {
    this.#libvirt = libvirt;
  }

  /** Another number whenever events may have been missed since. */
  get life(): number {
    return this.#life;
  }

  get pid(): number | undefined {
    return this.#stream?.pid;
  }

  count(what: Counted, domain: string): number {
    return this.#counts[what].get(domain) ?? 0;
  }

  /** To be called when libvirtd answers. */
  async start(): Promise<void> {
    const { connectionUri } = this.#libvirt;
    const stream = this.#libvirt.spawn('virsh', ['-c', connectionUri, 'event --all --loop']);
    this.#stream = stream;
    let unfinished = '';
    stream.stdout.setEncoding('utf8').on('data', (text: string) => {
      const lines = (unfinished + text).split('\n');
      unfinished = lines.pop() ?? '';
      for (const line of lines) this.#take(line);
    });
    stream.stderr.resume();
    stream.once('close', () => {
      if (this.#stream === stream) this.#life += 1;
    });
    await sleep(SUBSCRIBED_MS);
    this.#life += 1;
  }

  #take(line: string): void {
    for (const what of ['starts', 'resets'] as const) {
      const [, domain] = patterns[what].exec(line) ?? [];
      if (domain !== undefined) this.#counts[what].set(domain, this.count(what, domain) + 1);
    }
  }

  /** To be called before libvirtd is taken away. */
  stop(): void {
    this.#stream?.kill('SIGKILL');
    this.#stream = undefined;
    this.#life += 1;
  }
}
