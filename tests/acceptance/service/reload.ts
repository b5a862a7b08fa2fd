/** A new BMC answers when `systemctl reload` returns. A bad edit changes nothing, and the error says where it is. */
import type { Report } from '../report.ts';
import { expectText } from './expect.ts';
import { append, INVENTORY, node0, node1, node2, nodes, read, section } from './inventory-file.ts';
import { answer } from './ipmi-client.ts';
import { defineDomains, domstate } from './libvirt-domains.ts';
import type { SystemdLab } from '#lab/systemd/systemd-lab.ts';
import { mainPid, property, secondsSince } from './unit.ts';

export async function reload(lab: SystemdLab, report: Report): Promise<void> {
  await defineDomains(
    lab,
    nodes.map(({ name }) => name),
  );

  await report.step('vbmc add as root keeps owner and mode', async () => {
    const { name, port, password } = node0;
    await lab.sh(
      `vbmc add ${name} --address 127.0.0.1 --port ${port} --password ${password} && vbmc start ${name}`,
    );
    const mode = await lab.sh(`stat -c '%a %U:%G' ${INVENTORY}`);
    expectText('the inventory', mode, '640 root:vbmc');
    return `${mode}; ${await answer(lab, node0, 'chassis power status')}`;
  });

  await report.step('power on, by the packaged service', async () => {
    await answer(lab, node0, 'chassis power on');
    expectText('virsh domstate', await domstate(lab, node0.name), 'running');
    return 'virsh: running';
  });

  await report.step('systemctl reload: the new BMC answers', async () => {
    const pid = await mainPid(lab);
    await append(lab, section(node1));
    const startedAt = performance.now();
    // In one shell line: between the end of the reload and the request there is no time for the BMC to start.
    const said = await lab.sh(
      `systemctl reload vbmc && ipmitool -I lanplus -H 127.0.0.1 -p ${node1.port} -U admin -P ${node1.password} -N 1 -R 1 chassis power status`,
    );
    expectText('the answer', said, 'Chassis Power is off');
    expectText('MainPID', await mainPid(lab), pid);
    return `reload and answer in ${secondsSince(startedAt)}: ${said}`;
  });

  await report.step('a bad edit: refused with file and line', async () => {
    const before = await read(lab);
    await append(lab, section({ ...node2, port: 70_000 }));
    const line = await lab.sh(`grep -n 'port = 70000' ${INVENTORY} | cut -d: -f1`);
    const where = `${INVENTORY}:${line}`;
    if (await lab.succeeds('systemctl reload vbmc')) throw new Error('systemctl reload succeeded');
    await lab.write(INVENTORY, before);
    const { stdout: status } = await lab.exec('systemctl', 'status', 'vbmc', '--no-pager', '--full');
    expectText('systemctl status', status, new RegExp(where));
    expectText('journalctl', await lab.sh('journalctl -u vbmc --no-pager -n 50'), new RegExp(where));
    expectText('the status text', await property(lab, 'StatusText'), new RegExp(`reload rejected: ${where}`));
    expectText('the unit', await property(lab, 'ActiveState'), 'active');
    for (const node of [node0, node1]) await answer(lab, node, 'chassis power status');
    const said = /.*reload rejected: (.*)/.exec(status)?.[1] ?? '';
    return `both BMCs still answer; ${said}`;
  });

  await report.step('the corrected edit is applied', async () => {
    await append(lab, section(node2));
    await lab.sh('systemctl reload vbmc');
    return `${await answer(lab, node2, 'chassis power status')}; ${await property(lab, 'StatusText')}`;
  });

  await report.step('what vbmcd keeps, in the sandbox', async () => {
    const kept = await lab.sh("stat -c '%U:%G %n' /var/lib/vbmc/inventory.json /var/lib/vbmc/state.lock");
    expectText(
      'the files and their owner',
      kept,
      'vbmc:vbmc /var/lib/vbmc/inventory.json\nvbmc:vbmc /var/lib/vbmc/state.lock',
    );
    const names = await lab.sh('cat /var/lib/vbmc/inventory.json');
    for (const { name } of nodes) expectText('the names of the BMCs', names, new RegExp(`"${name}"`));
    // A second vbmcd with the same state directory would replace the files of the first.
    const second =
      "runuser -u vbmc -- sh -c 'mkdir -p /tmp/second && timeout 20 vbmcd --foreground --run-dir /tmp/second 2>&1'";
    const { exitCode, stdout } = await lab.exec('sh', '-c', second);
    if (exitCode === 0) throw new Error('a second vbmcd has started');
    expectText('a second vbmcd', stdout, /uses the state directory \/var\/lib\/vbmc/);
    return stdout.trim().split('\n').at(-1) ?? '';
  });
}
