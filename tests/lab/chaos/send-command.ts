/** Sends one command to a BMC, as a client does, and reads what it is told. */
import { chassisControlCommand, type ChassisControl } from '@vbmc/ipmi-codec';
import { consoleTo } from '#support/clients/console-to.ts';
import type { IpmiClients } from '#support/clients/ipmi-clients.ts';
import { rawCommand } from '#support/console/raw-command.ts';
import { UdpConsole } from '#support/console/udp-console.ts';
import type { LabBmc } from '../inventory-text.ts';
import type { BootDevice, ChaosCommand, Client, Outcome, PowerVerb } from './command.ts';

const LOGIN_MS = 10_000;
const IPMITOOL_RETRY_S = 4;

const controls: Readonly<Record<PowerVerb, ChassisControl>> = {
  on: 'powerUp',
  off: 'powerDown',
  cycle: 'powerCycle',
  reset: 'hardReset',
};
/** Of parameter 5 (v2.0§28.13, table 28-14). */
const deviceBytes: Readonly<Record<BootDevice | 'none', number>> = {
  none: 0x00,
  pxe: 0x04,
  disk: 0x08,
  cdrom: 0x14,
};
const [VALID, PERSISTENT] = [0x80, 0x40] as const;

export function sendCommand(
  clients: IpmiClients,
  bmc: LabBmc,
  command: ChaosCommand,
  client: Client,
): Promise<Outcome> {
  if (client.program === 'ipmitool' && command.verb === 'power')
    return sendByIpmitool(clients, bmc, command.power, client);
  return sendByConsole(bmc, command, client);
}

async function sendByConsole(bmc: LabBmc, command: ChaosCommand, client: Client): Promise<Outcome> {
  let session: UdpConsole;
  try {
    session = await logIn(bmc, client.deadlineMs);
  } catch (error) {
    return { is: 'notSent', why: String(error) };
  }
  try {
    const { completionCode } =
      command.verb === 'power'
        ? await session.request(chassisControlCommand, { chassisControl: controls[command.power] })
        : await session.request(rawCommand('chassis', 0x08), bootFlags(command));
    session.close().catch(() => undefined);
    if (completionCode === 0) return { is: 'acknowledged' };
    return { is: 'refused', why: `${completionCode.toString(16).toUpperCase()}h` };
  } catch (error) {
    // The session of a worker that was killed has ended with it.
    await session.abandon();
    return { is: 'unanswered', why: String(error) };
  }
}

/** A login that takes long is given up; a command is waited for. */
async function logIn(bmc: LabBmc, deadlineMs: number): Promise<UdpConsole> {
  const connecting = UdpConsole.connect(consoleTo(bmc, { deadlineMs, retransmitAfterMs: 1_000 }));
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<'late'>((resolve) => {
    timer = setTimeout(resolve, LOGIN_MS, 'late');
  });
  const first = await Promise.race([connecting, late]);
  clearTimeout(timer);
  if (first !== 'late') return first;
  connecting.then((session) => session.abandon()).catch(() => undefined);
  throw new Error(`no session within ${LOGIN_MS} ms`);
}

function bootFlags({ device, persistent }: Extract<ChaosCommand, { verb: 'bootdev' }>): Uint8Array {
  return Uint8Array.of(5, VALID | (persistent ? PERSISTENT : 0), deviceBytes[device], 0, 0, 0);
}

async function sendByIpmitool(
  clients: IpmiClients,
  bmc: LabBmc,
  power: PowerVerb,
  { deadlineMs }: Client,
): Promise<Outcome> {
  const tries = Math.floor(deadlineMs / 1_000 / IPMITOOL_RETRY_S);
  const options = { retryIntervalSeconds: IPMITOOL_RETRY_S, tries, timeoutMs: 4 * deadlineMs };
  const { stdout, stderr } = await clients.ipmitool(bmc, ['chassis', 'power', power], options);
  if (/^Chassis Power Control: /m.test(stdout)) return { is: 'acknowledged' };
  const why = stderr.trim().split('\n').at(-1) ?? '';
  if (stderr.includes('Unable to establish')) return { is: 'notSent', why };
  const [, refusal] = /failed: (.+)$/m.exec(stderr) ?? [];
  return refusal === undefined ? { is: 'unanswered', why } : { is: 'refused', why: refusal };
}
