import {
  privilegeLevel,
  setSessionPrivilegeLevel,
  type CipherSuiteId,
  type Command,
  type IpmiMessage,
  type PrivilegeLevel,
} from '@vbmc/ipmi-codec';
import type { RemoteAddress } from '#worker/core/terms/remote-address.ts';
import type { ConsoleAnswer } from '../console/console-answer.ts';
import { RemoteConsole, type RemoteConsoleOptions } from '../console/remote-console.ts';
import { seededBytes } from '../seeded-random.ts';
import { consoleAddress, passwordOf, type SimulatedBmc, type Transmission } from './simulated-bmc.ts';

let consoles = 0;

export function newConsole(options: Partial<RemoteConsoleOptions> = {}): RemoteConsole {
  const userName = options.userName ?? 'administrator';
  return new RemoteConsole({
    userName,
    password: passwordOf(userName),
    privilegeLevel: 'administrator',
    cipherSuiteId: 17,
    randomBytes: seededBytes(1_000 + ++consoles),
    ...options,
  });
}

/** The BMC's one datagram, as the console reads it. */
export function readOnly(console: RemoteConsole, sent: readonly Transmission[]): ConsoleAnswer {
  const [transmission, ...more] = sent;
  if (transmission === undefined) throw new Error('the BMC sent nothing');
  if (more.length > 0) throw new Error(`the BMC sent ${more.length + 1} datagrams`);
  return console.receive(transmission.datagram);
}

/** Sends a datagram and reads the one answer to it. */
export function ask(
  bmc: SimulatedBmc,
  console: RemoteConsole,
  datagram: Uint8Array,
  from: RemoteAddress = consoleAddress,
): ConsoleAnswer {
  return readOnly(console, bmc.send(datagram, from));
}

export function handshake(bmc: SimulatedBmc, console: RemoteConsole, from?: RemoteAddress): ConsoleAnswer {
  const opened = ask(bmc, console, console.openSessionRequest(), from);
  if (opened.kind !== 'openSessionResponse') return opened;
  const challenged = ask(bmc, console, console.rakpMessage1(), from);
  if (challenged.kind !== 'rakpMessage2') return challenged;
  return ask(bmc, console, console.rakpMessage3(), from);
}

/** A console that has received RAKP Message 2, and the RAKP Message 3 that it would send next. */
export function challenged(bmc: SimulatedBmc): { console: RemoteConsole; rakp3: Uint8Array } {
  const console = newConsole();
  ask(bmc, console, console.openSessionRequest());
  ask(bmc, console, console.rakpMessage1());
  return { console, rakp3: console.rakpMessage3() };
}

export interface LoginOptions {
  /** A user of the inventory, each named after its level, or one made by IPMI. */
  readonly as?: string;
  /** The level to raise the session to; that of the user's name by default. No request is sent for the level that a session begins with. */
  readonly level?: PrivilegeLevel;
  readonly cipherSuiteId?: CipherSuiteId;
  readonly from?: RemoteAddress;
}

/** A console whose session is active and raised to the level of its user. */
export function login(bmc: SimulatedBmc, options: LoginOptions = {}): RemoteConsole {
  const { as = 'administrator', cipherSuiteId = 17, from } = options;
  const { level = as in privilegeLevel ? (as as PrivilegeLevel) : 'administrator' } = options;
  const console = newConsole({ userName: as, cipherSuiteId });
  handshake(bmc, console, from);
  if (!console.active) throw new Error(`${as} could not log in`);
  if (privilegeLevel[level] > privilegeLevel.user) {
    const code = completionCodeOf(bmc, console, setSessionPrivilegeLevel, {
      privilegeLevel: privilegeLevel[level],
    });
    if (code !== 0) throw new Error(`level ${level} was refused with ${code}`);
  }
  return console;
}

/** The response to a request that is answered at once. */
export function respondTo<Request, Response>(
  bmc: SimulatedBmc,
  console: RemoteConsole,
  command: Command<Request, Response>,
  value: NoInfer<Request>,
  tamper?: Partial<IpmiMessage>,
): { readonly completionCode: number; readonly value: unknown } {
  const answer = ask(bmc, console, console.request(command, value, tamper));
  if (answer.kind !== 'response') throw new Error(`no response, but ${JSON.stringify(answer)}`);
  return answer;
}

export function completionCodeOf<Request, Response>(
  bmc: SimulatedBmc,
  console: RemoteConsole,
  command: Command<Request, Response>,
  value: NoInfer<Request>,
  tamper?: Partial<IpmiMessage>,
): number {
  return respondTo(bmc, console, command, value, tamper).completionCode;
}
