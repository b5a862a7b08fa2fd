/** Real ipmitool sessions, recorded on the wire and sent again by an attacker without the key: the worker accepts none of it. */
import type { ChildProcessWithoutNullStreams } from 'node:child_process';
import { once } from 'node:events';
import { isDeepStrictEqual } from 'node:util';
import { deliver } from '#support/hostile/send-hostile-datagrams.ts';
import type { Lab } from '#lab/lab.ts';
import { waitFor } from '#support/wait-for.ts';
import { fromHex } from '#support/hex.ts';
import { bitFlips, orders, truncations } from '#support/tampered.ts';
import { startRecordingProxy } from '#lab/recording-proxy.ts';
import type { Report } from './report.ts';
import { counter, untouched } from './worker-state.ts';

/** The ways to log in, by their names in the report. */
const clients: Readonly<Record<string, readonly string[]>> = {
  'suite 17': ['-I', 'lanplus', '-C', '17'],
  'suite 3': ['-I', 'lanplus', '-C', '3'],
  'IPMI 1.5': ['-I', 'lan'],
};

const commands: readonly (readonly [command: string, answer: string])[] = [
  ['mc info', 'IPMI Version'],
  ['chassis power status', 'Chassis Power is on'],
  ['chassis power cycle', 'Chassis Power Control: Cycle'],
  ['chassis status', 'Power Restore Policy'],
];

export async function replaySessions(lab: Lab, report: Report): Promise<void> {
  for (const [name, login] of Object.entries(clients)) {
    const session = await record(lab, login);
    try {
      await report.step(`ipmitool, ${name}: while it is open`, () => attack(lab, session.datagrams));
      await report.step(`ipmitool, ${name}: goes on`, () => session.ask('chassis power status', 'is on'));
    } finally {
      await session.end();
    }
    await report.step(`ipmitool, ${name}: when it was closed`, () => attack(lab, session.datagrams));
  }
}

interface RecordedSession {
  /** What ipmitool has sent. */
  readonly datagrams: readonly Uint8Array[];
  ask(command: string, answer: string): Promise<string>;
  /** Ends ipmitool, which closes its session. */
  end(): Promise<void>;
}

/** A session of `ipmitool shell` through a proxy, which has power-cycled the machine and is still open. */
async function record(lab: Lab, login: readonly string[]): Promise<RecordedSession> {
  const { address, port, username, password } = lab.bmc(0);
  const proxy = await startRecordingProxy(port, 0);
  const target = ['-H', address, '-p', String(proxy.port), '-U', username, '-P', password];
  const shell = lab.libvirt.spawn('ipmitool', [...login, ...target, 'shell']);
  const ask = asking(shell);
  for (const [command, answer] of commands) await ask(command, answer);
  return {
    datagrams: proxy.datagrams.filter(({ from }) => from === 'remoteConsole').map(({ hex }) => fromHex(hex)),
    ask,
    end: async () => {
      shell.stdin.end('exit\n');
      await once(shell, 'close');
      proxy.stop();
    },
  };
}

function asking(shell: ChildProcessWithoutNullStreams): RecordedSession['ask'] {
  let said = '';
  for (const stream of [shell.stdout, shell.stderr])
    stream.setEncoding('utf8').on('data', (text: string) => (said += text));
  return async (command, answer) => {
    said = '';
    shell.stdin.write(`${command}\n`);
    await waitFor(`ipmitool to say "${answer}"`, () => {
      if (!said.includes(answer)) throw new Error(said);
      return true;
    });
    return answer;
  };
}

/** Every manipulation of the datagrams that needs no key. Raises when one of them has had an effect. */
async function attack(lab: Lab, recorded: readonly Uint8Array[]): Promise<string> {
  const before = await untouched(lab);
  const malformedBefore = await counter(lab, 'vbmc_malformed_datagrams_total');
  const ways = {
    'in other orders': Object.values(orders(recorded)).flat(),
    truncated: recorded.flatMap((datagram) => [...truncations(datagram)]),
    'with a bit turned over': recorded.flatMap((datagram) => [...bitFlips(datagram)]),
  };
  const sent: string[] = [];
  for (const [way, datagrams] of Object.entries(ways)) {
    const { dropped } = await deliver(lab.bmc(0), datagrams);
    if (dropped > 0) throw new Error(`the kernel dropped ${dropped} of those ${way}`);
    sent.push(`${datagrams.length} ${way}`);
  }
  const after = await untouched(lab);
  if (!isDeepStrictEqual(after, before))
    throw new Error(`before: ${JSON.stringify(before)}, after: ${JSON.stringify(after)}`);
  // vbmcd hears of it with the worker's next sign of life.
  const malformed = await waitFor('malformed datagrams to be counted', async () => {
    const more = (await counter(lab, 'vbmc_malformed_datagrams_total')) - malformedBefore;
    return more > 0 && more;
  });
  return `${recorded.length} packets: ${sent.join(', ')}: none accepted, ${malformed} of them malformed`;
}
