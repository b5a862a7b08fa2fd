/**
 * The sockets of one BMC. Node does not tell which address of the host a datagram was sent to, nor lets a socket on all addresses
 * choose the one that an answer leaves from. So a BMC on all addresses has a socket for each.
 */
import type { RemoteAddress } from '../core/terms/remote-address.ts';
import { bindUdpSocket, errorCode, type DatagramListener, type UdpSocket } from './udp-socket.ts';

/** An address that cannot be bound is tried again after this time: it may be back, or another process may give its port up. */
const RETRY_MS = 1_000;

export interface ListenOptions {
  readonly address: string;
  readonly port: number;
  /** In the place of `address`. */
  readonly addresses?: readonly string[];
}

/** Takes an address that could not be bound, once until it can, and then without a code; `code` is the errno name. */
export type BindNews = (address: string, code?: string) => void;

export class UdpSockets {
  /** As bound, or as configured if there are several. */
  readonly address: string;
  readonly port: number;
  readonly #tell: BindNews;
  readonly #bound: Map<string, UdpSocket>;
  /** The code of each address that could not be bound at the last attempt. */
  readonly #failed = new Map<string, string>();
  #wanted: readonly string[];
  #listener: DatagramListener = () => undefined;
  #isBinding = false;
  #retry: NodeJS.Timeout | undefined;

  private constructor({ address, addresses }: ListenOptions, bound: Map<string, UdpSocket>, tell: BindNews) {
    const [first] = bound.values();
    this.address = addresses === undefined ? (first?.address ?? address) : address;
    this.port = first?.port ?? 0;
    this.#wanted = addresses ?? [address];
    this.#bound = bound;
    this.#tell = tell;
  }

  /**
   * Binds each address, with the port that the first one got. Rejects with a system error (`code` EADDRINUSE, EACCES …) if one
   * cannot be bound. Of several, those that the host has lost meanwhile may be missing.
   */
  static async bind(options: ListenOptions, tell: BindNews = () => undefined): Promise<UdpSockets> {
    const { address, addresses = [address] } = options;
    const bound = new Map<string, UdpSocket>();
    const missing: [string, string][] = [];
    let { port } = options;
    for (const one of addresses) {
      try {
        const socket = await bindUdpSocket(one, port);
        bound.set(one, socket);
        ({ port } = socket);
      } catch (error) {
        const noneIsLeft = bound.size === 0 && one === addresses.at(-1);
        if (!isMissing(one, errorCode(error)) || noneIsLeft) {
          for (const socket of bound.values()) socket.close();
          throw error;
        }
        missing.push([one, errorCode(error)]);
      }
    }
    const sockets = new UdpSockets(options, bound, tell);
    for (const [one, code] of missing) sockets.#noteFailure(one, code);
    if (missing.length > 0) sockets.#retryLater();
    return sockets;
  }

  /** Gives each datagram to `listener`. To be called right after binding: datagrams that come before are lost. */
  receive(listener: DatagramListener): void {
    this.#listener = listener;
    for (const [address, socket] of this.#bound) this.#listen(address, socket);
  }

  /** From the address that the client has asked. If the host has lost it, the answer is dropped: the client waits for no other. */
  send(datagram: Uint8Array, to: RemoteAddress): void {
    const [first] = this.#bound.values();
    (to.localAddress === undefined ? first : this.#bound.get(to.localAddress))?.send(datagram, to);
  }

  /** Closes the sockets of addresses that are missing here, and binds those that are new. */
  setAddresses(addresses: readonly string[]): void {
    this.#wanted = addresses;
    // First: a socket on all addresses and one on a single address exclude each other.
    for (const [address, socket] of this.#bound) {
      if (addresses.includes(address)) continue;
      this.#bound.delete(address);
      socket.close();
    }
    for (const address of this.#failed.keys()) {
      if (!addresses.includes(address)) this.#failed.delete(address);
    }
    void this.#bindMissing();
  }

  close(): void {
    this.#wanted = [];
    clearTimeout(this.#retry);
    for (const socket of this.#bound.values()) socket.close();
    this.#bound.clear();
  }

  get #missing(): readonly string[] {
    return this.#wanted.filter((address) => !this.#bound.has(address));
  }

  async #bindMissing(): Promise<void> {
    if (this.#isBinding) return;
    this.#isBinding = true;
    // What is wanted may change at each turn.
    const tried = new Set<string>();
    for (;;) {
      const address = this.#missing.find((one) => !tried.has(one));
      if (address === undefined) break;
      tried.add(address);
      await this.#bindOne(address);
    }
    this.#isBinding = false;
    if (this.#missing.length > 0) this.#retryLater();
  }

  async #bindOne(address: string): Promise<void> {
    try {
      const socket = await bindUdpSocket(address, this.port);
      if (!this.#wanted.includes(address)) {
        socket.close();
        return;
      }
      this.#bound.set(address, socket);
      this.#listen(address, socket);
      if (this.#failed.delete(address)) this.#tell(address);
    } catch (error) {
      const code = errorCode(error);
      // Not the system's answer to `bind`: a bug.
      if (code === '') throw error;
      if (this.#wanted.includes(address)) this.#noteFailure(address, code);
    }
  }

  #noteFailure(address: string, code: string): void {
    if (this.#failed.get(address) === code) return;
    this.#failed.set(address, code);
    this.#tell(address, code);
  }

  #retryLater(): void {
    clearTimeout(this.#retry);
    this.#retry = setTimeout(() => void this.#bindMissing(), RETRY_MS);
  }

  #listen(localAddress: string, socket: UdpSocket): void {
    socket.receive(({ address, port }, datagram) => {
      this.#listener({ address, port, localAddress }, datagram);
    });
  }
}

/** Whether the host has no such address at the moment. bind(2) reports EINVAL where the interface of `fe80::1%eth9` is missing. */
function isMissing(address: string, code: string): boolean {
  return code === 'EADDRNOTAVAIL' || ((code === 'EINVAL' || code === 'ENODEV') && address.includes('%'));
}
