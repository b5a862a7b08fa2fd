/** A BMC on port 623 whose address is added while the service runs. */
import type { Report } from '../report.ts';
import { expectText } from './expect.ts';
import { answer } from './ipmi-client.ts';
import type { SystemdLab } from '#lab/systemd/systemd-lab.ts';

/** An address for documentation (RFC 5737), which no interface of the lab has. */
const bmc = { address: '192.0.2.7', port: 623, password: 'late' };
const FILE = '/etc/vbmc/domains.d/late.ini';

export async function lateAddress(lab: SystemdLab, report: Report): Promise<void> {
  const status = async (): Promise<string> =>
    lab.sh(`vbmc list --json | python3 -c 'import json, sys
bmc = next(each for each in json.load(sys.stdin) if each["name"] == "late")
print(bmc["status"], bmc["reason"], bmc["restarts"])'`);

  await report.step('address: not there yet', async () => {
    await lab.write(
      FILE,
      `[late]\naddress = ${bmc.address}\nport = ${bmc.port}\npassword = ${bmc.password}\ndomain_name = late\n`,
    );
    expectText(
      'the reload',
      await lab.sh('vbmc reload 2>&1 > /dev/null'),
      /^vbmc: late is bindFailed: waiting for 192\.0\.2\.7/,
    );
    await lab.sh('systemctl reload vbmc');
    const waiting = await status();
    expectText('its state', waiting, /^bindFailed waiting for 192\.0\.2\.7/);
    return waiting;
  });

  await report.step('address: answers when it has come', async () => {
    const pid = await lab.sh('systemctl show -p MainPID --value vbmc');
    const tookMs = Number(
      await lab.sh(
        [
          'begin=$(date +%s%N)',
          `ip address add ${bmc.address}/32 dev lo`,
          // Sends nothing: the socket is bound once ss lists it.
          `until ss -Hlun 'sport = :${bmc.port}' | grep -qF '${bmc.address}:'; do sleep 0.02; done`,
          'echo $((($(date +%s%N) - begin) / 1000000))',
        ].join('\n'),
      ),
    );
    const said = await answer(lab, bmc, 'mc info');
    expectText('its state', await status(), 'running None 0');
    expectText('pid of vbmcd', await lab.sh('systemctl show -p MainPID --value vbmc'), pid);
    return `bound ${tookMs} ms after ip address add; ${said.split('\n')[0] ?? ''}`;
  });

  await report.step('address: gone and back', async () => {
    await lab.sh(`ip address del ${bmc.address}/32 dev lo`);
    await lab.sh(`ip address add ${bmc.address}/32 dev lo`);
    await answer(lab, bmc, 'mc info');
    return status();
  });
  await lab.sh(`rm -f ${FILE}; ip address del ${bmc.address}/32 dev lo; systemctl reload vbmc`);
}
