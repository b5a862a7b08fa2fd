/** The stream of a domain's serial console, as the rest of the worker sees it. Types only. */
import type { KeptWay } from '../libvirt/kept-way.ts';
import type { Virsh } from '../libvirt/virsh.ts';

/** Why a console could not be opened or has ended. */
export type ConsoleEnd =
  /** The domain is not running, or has stopped. */
  | 'domainOff'
  /** The definition has no such device, or one that libvirt cannot open: it is no pseudo terminal. */
  | 'noConsole'
  /** Another client of libvirt has it open. */
  | 'taken'
  /** Another client of libvirt has taken it over (`virsh console --force`). */
  | 'stolen'
  /** libvirt, or polkit, does not let this user open it. */
  | 'denied'
  /** The connection to libvirt could not be made, or is lost. */
  | 'libvirtGone'
  /** `ConsoleStream.close` was called. */
  | 'closed'
  /** Anything else; the text says what. */
  | 'failed';

/** Nothing is called before `openConsole` has returned, and nothing after `ended`. */
export interface ConsoleListener {
  /** libvirt has opened the console. Not called if it has not. */
  opened(): void;
  /** What the guest has printed: 1 to 65,536 bytes. Reading never pauses: whoever listens bounds what they keep. */
  data(bytes: Uint8Array): void;
  /** There is room again after a `write` that has not taken all. */
  drained(): void;
  /** Called once, whatever happens; after `close`, too. `text` is one printable line of at most 700 characters, or empty. */
  ended(reason: ConsoleEnd, text: string): void;
}

export interface ConsoleStream {
  /**
   * Types at the guest. Returns how many bytes were taken (0 to length): the rest has to be offered again after `drained`. Before
   * `opened`, too, bytes are taken; they are sent once the console is open. A byte FFh with nothing before it is left out.
   */
  write(bytes: Uint8Array): number;
  /** Sends a break. Resolves with whether QEMU has accepted it; never rejects. */
  sendBreak(): Promise<boolean>;
  close(): void;
}

export interface ConsoleOptions {
  /** The domain's name as the inventory has it. */
  readonly domain: string;
  /** Its UUID as last reported. */
  readonly knownUuid?: string | undefined;
  /** libvirt's alias of the device (`serial0`). Default: the first console of the definition. */
  readonly device?: string | undefined;
  /** Takes the console from another client of libvirt. */
  readonly force: boolean;
  readonly connectionUri: string;
  readonly libvirtAuthFile?: string | undefined;
  /** The connection that vbmcd keeps to the same libvirt; absent: there is none. */
  readonly keptWay?: KeptWay | undefined;
  /** For questions about the domain, and for the break. */
  readonly virsh: Virsh;
}

/** Begins to open a console. What goes wrong is told to the listener; nothing is thrown. */
export type OpenConsole = (options: ConsoleOptions, listener: ConsoleListener) => ConsoleStream;
