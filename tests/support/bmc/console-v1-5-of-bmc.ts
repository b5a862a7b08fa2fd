import type { Command, PrivilegeLevel } from '@vbmc/ipmi-codec';
import type { RemoteAddress } from '#worker/core/terms/remote-address.ts';
import { User } from '#worker/core/session/user.ts';
import { ConsoleV15, type AnswerV15 } from '../console/console-v1-5.ts';
import { consoleAddress, SimulatedBmc, type SimulatedBmcOptions } from './simulated-bmc.ts';

const utf8 = new TextEncoder();
const levels: readonly PrivilegeLevel[] = ['administrator', 'operator', 'user', 'callback'];

/** The passwords of `simulated-bmc.ts` are too long for IPMI 1.5. */
export function shortPasswordOf(name: string): string {
  return `pw ${name}`;
}

/** One user for each privilege level, named after it. */
const users = levels.map(
  (level) => new User(level, utf8.encode(level), utf8.encode(shortPasswordOf(level)), level),
);

/** A BMC that knows its domain's UUID and boot flags, and allows IPMI 1.5 sessions. */
export function bmcV15(options: SimulatedBmcOptions = {}): SimulatedBmc {
  return SimulatedBmc.started({ allowsIpmiV15: true, users, ...options });
}

/** The answer to a datagram; undefined when there is none. */
export function askV15(
  bmc: SimulatedBmc,
  console: ConsoleV15,
  datagram: Uint8Array,
  from: RemoteAddress = consoleAddress,
): AnswerV15 | undefined {
  const [transmission, ...more] = bmc.send(datagram, from);
  if (more.length > 0) throw new Error(`the BMC sent ${more.length + 1} datagrams`);
  return transmission && console.receive(transmission.datagram);
}

export function challengedV15(
  bmc: SimulatedBmc,
  userName: string,
  password = shortPasswordOf(userName),
): ConsoleV15 {
  const console = new ConsoleV15(userName, password);
  if (askV15(bmc, console, console.getSessionChallenge())?.completionCode !== 0)
    throw new Error('no challenge');
  return console;
}

/** A console whose session is active, at the level that such a session begins with. */
export function loginV15(bmc: SimulatedBmc, as: PrivilegeLevel, password?: string): ConsoleV15 {
  const console = challengedV15(bmc, as, password);
  askV15(bmc, console, console.activateSession(as));
  if (!console.active) throw new Error(`${as} could not log in`);
  return console;
}

export function codeOfV15<Request, Response>(
  bmc: SimulatedBmc,
  console: ConsoleV15,
  command: Command<Request, Response>,
  value: NoInfer<Request>,
): number | undefined {
  return askV15(bmc, console, console.request(command, value))?.completionCode;
}
