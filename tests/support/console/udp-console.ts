import { randomBytes } from 'node:crypto';
import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { isIPv6 } from 'node:net';
import {
  closeSession,
  privilegeLevel,
  setSessionPrivilegeLevel,
  type Command,
  type RmcpPlusStatusCode,
} from '@vbmc/ipmi-codec';
import type { ConsoleAnswer, ConsoleResponse } from './console-answer.ts';
import { RemoteConsole, type RemoteConsoleOptions } from './remote-console.ts';

export interface UdpConsoleOptions extends Omit<RemoteConsoleOptions, 'randomBytes'> {
  /** An IP address. */
  readonly host: string;
  readonly port: number;
  readonly localAddress?: string;
  /** 0, the default, means any free port. */
  readonly localPort?: number;
  readonly retransmitAfterMs?: number;
  readonly deadlineMs?: number;
  /** Default: node's `randomBytes`. */
  readonly randomBytes?: RemoteConsoleOptions['randomBytes'];
}

export interface Outcome<Value> {
  readonly completionCode: number;
  /** Undefined if the completion code is not 0. */
  readonly value: Value | undefined;
}

export type ConsoleFailureKind =
  /** No answer before the deadline. */
  | 'deadline'
  /** The BMC refused the handshake; `status` says why. */
  | 'refused'
  /** The BMC's code in RAKP Message 2 or 4 does not match the console's password or K_g. */
  | 'unverified'
  /** The BMC refused Set Session Privilege Level. */
  | 'privilege'
  /** The console was closed while it waited. */
  | 'closed';

export class ConsoleFailure extends Error {
  override readonly name = 'ConsoleFailure';
  readonly kind: ConsoleFailureKind;
  readonly status: RmcpPlusStatusCode | undefined;

  constructor(kind: ConsoleFailureKind, message: string, status?: RmcpPlusStatusCode) {
    super(message);
    this.kind = kind;
    this.status = status;
  }
}

interface Waiter {
  readonly matches: (answer: ConsoleAnswer) => boolean;
  readonly resolve: (answer: ConsoleAnswer) => void;
  readonly reject: (error: Error) => void;
}

/** A remote console with its own UDP socket and one session. It retransmits, and gives up at a deadline. */
export class UdpConsole {
  /** Makes and reads the datagrams. Tests may use it together with `send` to tamper. */
  readonly console: RemoteConsole;
  /** Retransmissions because no answer arrived in time. */
  retransmissions = 0;
  /** Datagrams that arrived while no wait matched them. */
  ignored = 0;
  readonly #options: UdpConsoleOptions;
  readonly #socket: Socket;
  readonly #waiters = new Set<Waiter>();
  #diverted: ((datagram: Uint8Array) => void) | undefined;
  #closed = false;

  private constructor(options: UdpConsoleOptions, socket: Socket) {
    this.#options = options;
    this.#socket = socket;
    this.console = new RemoteConsole({ randomBytes, ...options });
    socket.on('message', (datagram) => {
      this.#receive(datagram);
    });
    // The ICMP answer of a closed port; the deadline reports the failure.
    socket.on('error', () => undefined);
  }

  /** Binds the socket and sends nothing. */
  static async bind(options: UdpConsoleOptions): Promise<UdpConsole> {
    const socket = createSocket(isIPv6(options.host) ? 'udp6' : 'udp4');
    const listening = once(socket, 'listening');
    socket.bind(options.localPort ?? 0, options.localAddress);
    await listening;
    // Like ipmitool: the socket receives only from the address that it sends to.
    const connected = once(socket, 'connect');
    socket.connect(options.port, options.host);
    await connected;
    // If a test fails before it closes its console, the socket must not keep the process alive. Waits have timers that
    // do.
    socket.unref();
    return new UdpConsole(options, socket);
  }

  /** Binds, opens the session and raises it to the privilege level of the options. Closes the socket on failure. */
  static async connect(options: UdpConsoleOptions): Promise<UdpConsole> {
    const udpConsole = await UdpConsole.bind(options);
    try {
      await udpConsole.openSession();
      await udpConsole.raisePrivilegeLevel();
      return udpConsole;
    } catch (error) {
      await udpConsole.abandon();
      throw error;
    }
  }

  get localPort(): number {
    return this.#socket.address().port;
  }

  /** Resolves when a presence pong arrives. */
  async ping(): Promise<void> {
    const ping = this.console.presencePing();
    await this.exchange(
      () => ping,
      ({ kind }) => kind === 'pong',
    );
  }

  /** Sends Open Session, RAKP 1 and RAKP 3, and verifies both of the BMC's codes. */
  async openSession(): Promise<void> {
    await this.#handshakeStep('openSessionResponse', this.console.openSessionRequest());
    await this.#handshakeStep('rakpMessage2', this.console.rakpMessage1());
    await this.#handshakeStep('rakpMessage4', this.console.rakpMessage3());
  }

  /** Raises the session to the privilege level of the options, because a new session has level USER at most. */
  async raisePrivilegeLevel(): Promise<void> {
    const level = privilegeLevel[this.#options.privilegeLevel];
    const { completionCode } = await this.request(setSessionPrivilegeLevel, { privilegeLevel: level });
    if (completionCode !== 0) {
      throw new ConsoleFailure('privilege', `Set Session Privilege Level: ${completionCode}`);
    }
  }

  /**
   * Sends one command and returns its response, inside the session if there is one. Up to 64 may run at the same time.
   */
  async request<Request, Response>(
    command: Command<Request, Response>,
    value: NoInfer<Request>,
  ): Promise<Outcome<Response>> {
    const first = this.console.request(command, value);
    const { rqSeq } = this.console;
    const answer = (await this.exchange(
      (attempt) => (attempt === 0 ? first : this.console.retransmit(rqSeq)),
      (candidate) => candidate.kind === 'response' && candidate.rqSeq === rqSeq,
    )) as ConsoleResponse;
    // The console decoded the answer with the same command.
    return { completionCode: answer.completionCode, value: answer.value as Response | undefined };
  }

  /** Sends Close Session and closes the socket. */
  async close(): Promise<void> {
    try {
      if (this.console.active)
        await this.request(closeSession, { sessionId: this.console.managedSystemSessionId });
    } finally {
      await this.abandon();
    }
  }

  /** Closes the socket without closing the session, which then times out. */
  async abandon(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    for (const waiter of this.#waiters) waiter.reject(new ConsoleFailure('closed', 'the console was closed'));
    const closed = once(this.#socket, 'close');
    this.#socket.close();
    await closed;
  }

  /** Sends any bytes and waits for nothing. */
  send(datagram: Uint8Array): void {
    this.#socket.send(datagram);
  }

  /** Passes every later datagram undecoded to `listener`, for load generators that have no time to decode. */
  divert(listener: (datagram: Uint8Array) => void): void {
    this.#diverted = listener;
  }

  /** Sends `datagramOf(0)`, then `datagramOf(1)`, … until `matches` accepts an answer or the deadline passes. */
  async exchange(
    datagramOf: (attempt: number) => Uint8Array,
    matches: (answer: ConsoleAnswer) => boolean,
  ): Promise<ConsoleAnswer> {
    const { promise, waiter } = newWaiter(matches);
    this.#waiters.add(waiter);
    let attempt = 0;
    const again = setInterval(() => {
      this.retransmissions += 1;
      this.send(datagramOf(++attempt));
    }, this.#options.retransmitAfterMs ?? 1000);
    const deadlineMs = this.#options.deadlineMs ?? 10_000;
    const deadline = setTimeout(() => {
      waiter.reject(new ConsoleFailure('deadline', `no answer within ${deadlineMs} ms`));
    }, deadlineMs);
    try {
      this.send(datagramOf(0));
      return await promise;
    } finally {
      clearInterval(again);
      clearTimeout(deadline);
      this.#waiters.delete(waiter);
    }
  }

  async #handshakeStep(kind: ConsoleAnswer['kind'], datagram: Uint8Array): Promise<void> {
    const answer = await this.exchange(
      () => datagram,
      (candidate) => candidate.kind === kind || candidate.kind === 'refusal',
    );
    if (answer.kind === 'refusal') {
      throw new ConsoleFailure('refused', `${answer.of}: ${answer.refusal.status}`, answer.refusal.status);
    }
    if ('verified' in answer && !answer.verified) {
      throw new ConsoleFailure(
        'unverified',
        `the code in ${answer.kind} does not match the console's password or K_g`,
      );
    }
  }

  #receive(datagram: Uint8Array): void {
    if (this.#diverted !== undefined) {
      this.#diverted(datagram);
      return;
    }
    let answer: ConsoleAnswer;
    try {
      answer = this.console.receive(datagram);
    } catch (error) {
      const failure = error instanceof Error ? error : new Error(String(error));
      for (const waiter of this.#waiters) waiter.reject(failure);
      return;
    }
    for (const waiter of this.#waiters) {
      if (waiter.matches(answer)) {
        waiter.resolve(answer);
        return;
      }
    }
    this.ignored += 1;
  }
}

function newWaiter(matches: Waiter['matches']): { promise: Promise<ConsoleAnswer>; waiter: Waiter } {
  let waiter: Waiter | undefined;
  const promise = new Promise<ConsoleAnswer>((resolve, reject) => {
    waiter = { matches, resolve, reject };
  });
  if (waiter === undefined) throw new Error('the promise did not run its executor at once');
  return { promise, waiter };
}
