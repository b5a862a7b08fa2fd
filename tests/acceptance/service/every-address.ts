/** In the unit's sandbox a BMC on `::` has a socket for each address, and follows addresses that come and go. */
import { waitFor } from '#support/wait-for.ts';
import type { Report } from '../report.ts';
import { expectText } from './expect.ts';
import { answer } from './ipmi-client.ts';
import type { SystemdLab } from '#lab/systemd/systemd-lab.ts';

/** Addresses for documentation (RFC 5737, RFC 3849), which no interface of the lab has. */
const added = ['192.0.2.9', '2001:db8::9'];
const PORT = 6240;
const PASSWORD = 'everywhere';
const FILE = '/etc/vbmc/domains.d/everywhere.ini';

export async function everyAddress(lab: SystemdLab, report: Report): Promise<void> {
  const sockets = async (): Promise<readonly string[]> => {
    const lines = await lab.sh(`ss -Hlun 'sport = :${PORT}' | awk '{ print $4 }'`);
    return lines
      .split('\n')
      .map((line) => line.replace(/:\d+$/, '').replace(/^\[|\]$/g, ''))
      .sort();
  };
  const eventually = async (expected: readonly string[]): Promise<string> =>
    waitFor(`sockets at ${expected.join(', ')}`, async () => {
      const now = (await sockets()).join(' ');
      return now === [...expected].sort().join(' ') ? now : undefined;
    });
  const onLoopback = async (verb: 'add' | 'del'): Promise<void> => {
    for (const address of added) {
      await lab.sh(`ip address ${verb} ${address}/${address.includes(':') ? '128 nodad' : '32'} dev lo`);
    }
  };

  await report.step('every address: a socket for each', async () => {
    await lab.write(
      FILE,
      `[everywhere]\naddress = ::\nport = ${PORT}\npassword = ${PASSWORD}\ndomain_name = everywhere\n`,
    );
    await lab.sh('systemctl reload vbmc');
    return eventually(['127.0.0.1', '::1']);
  });

  await report.step('every address: follows them', async () => {
    const pid = await lab.sh('systemctl show -p MainPID --value vbmc');
    await onLoopback('add');
    const all = await eventually(['127.0.0.1', '::1', ...added]);
    for (const address of ['127.0.0.1', '::1', ...added]) {
      await answer(lab, { address, port: PORT, password: PASSWORD }, 'mc info');
    }
    await onLoopback('del');
    await eventually(['127.0.0.1', '::1']);
    expectText('pid of vbmcd', await lab.sh('systemctl show -p MainPID --value vbmc'), pid);
    return `${all}, each answers`;
  });
  await lab.sh(`rm -f ${FILE}; systemctl reload vbmc`);
}
