/** Opens a domain's serial console with `virsh console`, and passes its bytes both ways. */
import { connectDomain, type DomainConnection } from '../libvirt/domain-connection.ts';
import { parentDeathPrefix } from '../libvirt/parent-death.ts';
import { failedToConnect } from '../libvirt/virsh-error.ts';
import { ConsoleBanner } from './console-banner.ts';
import { endOfExit, endOfFailure, hasLostConnection, type EndedConsole } from './console-end.ts';
import { startConsoleProcess, type ConsoleProcess, type ProcessEnd } from './console-process.ts';
import type { ConsoleListener, ConsoleOptions, ConsoleStream, OpenConsole } from './console-stream.ts';
import { dropTypingPipe, makeTypingPipe, type TypingPipe } from './typing-pipe.ts';
import { Typist } from './typist.ts';

/** As long as other calls of virsh may take. */
const BANNER_DEADLINE_MS = 20_000;

/** virsh makes its terminal raw after the banner, and what is typed before it has done so is lost. */
const RAW_AFTER_MS = 60;

/**
 * virsh opens the console after its banner, and says nothing when it has succeeded. Errors came within 30 ms. More than a newline,
 * which virsh also prints when it ends, is the guest's.
 */
const OPEN_AFTER_MS = 250;
const NEWLINE = 0x0a;

/** In characters. */
const LONGEST_TEXT = 700;

export const openConsole: OpenConsole = (options, listener) => new VirshConsole(options, listener);

/** How far it is. */
type Stage = 'starting' | 'banner' | 'settling' | 'open' | 'ended';

class VirshConsole implements ConsoleStream {
  readonly #options: ConsoleOptions;
  readonly #listener: ConsoleListener;
  readonly #typist = new Typist({
    write: (bytes, written) => {
      this.#process?.type(bytes, written);
    },
    drained: () => {
      this.#listener.drained();
    },
    after: (ms, act) => void this.#after(ms, act),
  });
  readonly #leaving = new AbortController();
  readonly #timers = new Set<NodeJS.Timeout>();
  #stage: Stage = 'starting';
  #domain: DomainConnection | undefined;
  #process: ConsoleProcess | undefined;
  #banner = new ConsoleBanner();
  /** Printed while it settles. */
  #early: Uint8Array[] = [];
  /** What it will have ended with, if not with what the processes say. */
  #end: EndedConsole | undefined;
  #isRaw = false;

  constructor(options: ConsoleOptions, listener: ConsoleListener) {
    this.#options = options;
    this.#listener = listener;
    void this.#start();
  }

  write(bytes: Uint8Array): number {
    if (this.#stage === 'ended' || this.#end !== undefined) return 0;
    return this.#typist.take(bytes);
  }

  async sendBreak(): Promise<boolean> {
    if (this.#stage !== 'open' || this.#domain === undefined) return false;
    const id = `char${this.#options.device ?? 'serial0'}`;
    const replied = await this.#domain.monitor([{ execute: 'chardev-send-break', arguments: { id } }]);
    return replied.ok && replied.value.every(({ ok }) => ok);
  }

  close(): void {
    this.#kill({ reason: 'closed', text: '' });
  }

  async #start(): Promise<void> {
    const { virsh, domain: domainName, knownUuid, keptWay } = this.#options;
    const { signal } = this.#leaving;
    // Nothing is called before the caller has this object.
    await Promise.resolve();
    const connected = await connectDomain(virsh, domainName, signal, knownUuid);
    if (!connected.ok) {
      this.#finish(endOfFailure(connected.failure));
      return;
    }
    this.#domain = connected.value;
    // Through the gate of the worker's calls: libvirt may owe answers about this domain, and each console that it does not answer
    // would take another of its workers.
    const read = await connected.value.readState();
    if (!read.ok) {
      this.#finish(endOfFailure(read.failure));
      return;
    }
    if (read.value === 'shutOff' || read.value === 'migratedAway') {
      this.#finish({ reason: 'domainOff', text: 'the domain is off' });
      return;
    }
    await this.#run(await keptWay?.uri(signal));
  }

  /** `keptUri`: of the kept connection; undefined: virsh connects by itself. */
  async #run(keptUri: string | undefined): Promise<void> {
    const { connectionUri, device, force, libvirtAuthFile, keptWay } = this.#options;
    const parentDeath = await parentDeathPrefix();
    if ('code' in parentDeath || parentDeath.prefix.length === 0) {
      // Nothing would end the console's processes when a worker is killed, and libvirt would keep the console from everybody.
      const why =
        'code' in parentDeath
          ? `could not be started: ${parentDeath.code}`
          : 'is missing: install util-linux';
      this.#finish({ reason: 'failed', text: `the program setpriv ${why}` });
      return;
    }
    let pipe: TypingPipe;
    try {
      pipe = await makeTypingPipe();
    } catch (error) {
      this.#finish({ reason: 'failed', text: oneLine(`no pipe for what is typed: ${String(error)}`) });
      return;
    }
    if (this.#end !== undefined || this.#domain === undefined) {
      dropTypingPipe(pipe);
      this.#finish({ reason: 'closed', text: '' });
      return;
    }
    const { address } = this.#domain;
    const command = { connectionUri: keptUri ?? connectionUri, address, device, force, libvirtAuthFile };
    this.#stage = 'banner';
    this.#banner = new ConsoleBanner();
    const deadline = this.#after(BANNER_DEADLINE_MS, () => {
      if (this.#stage === 'banner')
        this.#kill({
          reason: 'libvirtGone',
          text: `libvirt has not answered for ${BANNER_DEADLINE_MS / 1000} s`,
        });
    });
    this.#process = startConsoleProcess(command, parentDeath.prefix, pipe, {
      output: (bytes) => {
        this.#take(bytes);
      },
      complaint: (text) => {
        if (hasLostConnection.test(text))
          this.#kill({ reason: 'libvirtGone', text: 'the connection to libvirt is lost' });
      },
      ended: (end) => {
        this.#cancel(deadline);
        const mayRetry = this.#stage === 'banner' && this.#end === undefined && keptUri !== undefined;
        if (mayRetry && failedToConnect.test(end.stderr))
          void keptWay?.uriAfter(keptUri, this.#leaving.signal).then((next) => this.#run(next));
        else this.#takeExit(end);
      },
    });
  }

  #take(bytes: Uint8Array): void {
    if (this.#end !== undefined) return;
    if (this.#stage === 'open') {
      this.#listener.data(bytes);
      return;
    }
    let printed: Uint8Array | undefined = bytes;
    if (this.#stage === 'banner') {
      const found = this.#banner.push(bytes);
      if (found === 'endless') this.#kill({ reason: 'failed', text: 'virsh console has printed no banner' });
      else if (found !== undefined) this.#settle();
      printed = found === 'endless' ? undefined : found;
    }
    if (printed === undefined || printed.length === 0) return;
    this.#early.push(printed);
    if (this.#early.length > 1 || printed.length > 1 || printed[0] !== NEWLINE) this.#open();
  }

  #settle(): void {
    this.#stage = 'settling';
    this.#after(RAW_AFTER_MS, () => {
      this.#isRaw = true;
      if (this.#stage === 'open') this.#typist.begin();
    });
    this.#after(OPEN_AFTER_MS, () => {
      this.#open();
    });
  }

  #open(): void {
    if (this.#stage !== 'settling' || this.#end !== undefined) return;
    this.#stage = 'open';
    this.#listener.opened();
    for (const bytes of this.#early.splice(0)) this.#listener.data(bytes);
    if (this.#isRaw) this.#typist.begin();
  }

  #takeExit(exit: ProcessEnd): void {
    const { exitCode, signal, stderr } = exit;
    const hasOpened = this.#stage === 'open';
    const ending = { stderr, exitCode, signal, hasOpened, hasTypedEscape: this.#typist.hasTypedEscape };
    this.#finish(endOfExit(ending, this.#options.connectionUri));
  }

  #kill(end: EndedConsole): void {
    if (this.#stage === 'ended' || this.#end !== undefined) return;
    this.#end = end;
    this.#typist.end();
    this.#leaving.abort();
    this.#process?.kill();
  }

  #finish(end: EndedConsole): void {
    if (this.#stage === 'ended') return;
    this.#stage = 'ended';
    this.#typist.end();
    for (const timer of this.#timers) clearTimeout(timer);
    this.#timers.clear();
    const { reason, text } = this.#end ?? end;
    this.#listener.ended(reason, text.slice(0, LONGEST_TEXT));
  }

  #after(ms: number, act: () => void): NodeJS.Timeout {
    const timer = setTimeout(() => {
      this.#timers.delete(timer);
      if (this.#stage !== 'ended') act();
    }, ms);
    this.#timers.add(timer);
    return timer;
  }

  #cancel(timer: NodeJS.Timeout): void {
    clearTimeout(timer);
    this.#timers.delete(timer);
  }
}

function oneLine(text: string): string {
  return text.replaceAll(/\p{Cc}+/gu, ' ').slice(0, 300);
}
