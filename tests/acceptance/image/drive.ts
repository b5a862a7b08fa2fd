/** The container as scripts for VirtualBMC's image run it: `podman run`, then `podman exec vbmc vbmc add` and `start`. */
import { expectText } from '../service/expect.ts';
import {
  ask,
  CONTAINER,
  inContainer,
  powerCycles,
  startContainer,
  URI_IN_CONTAINER,
  waitUntilUp,
  type ImageBench,
} from './bench.ts';

export async function driveByContainer(bench: ImageBench): Promise<void> {
  const { report, podman, bmc } = bench;
  const { name, port, username, password } = bmc;

  await report.step('container: vbmc add, start, list', async () => {
    await startContainer(bench, []);
    const login = ['--port', String(port), '--username', username, '--password', password];
    await inContainer(podman, 'vbmc', 'add', ...login, '--libvirt-uri', URI_IN_CONTAINER, name);
    await inContainer(podman, 'vbmc', 'start', name);
    const listed = await inContainer(
      podman,
      'vbmc',
      'list',
      '-f',
      'value',
      '-c',
      'Domain name',
      '-c',
      'Status',
    );
    expectText('vbmc list', listed, `${name} running`);
    return listed;
  });

  await report.step('container: ipmitool, judged by virsh', () => powerCycles(bench));

  await report.step('container: a killed program leaves no zombie', async () => {
    await inContainer(podman, 'sh', '-c', '(sleep 0.2 &) ; exit 0');
    await inContainer(podman, 'sleep', '1');
    const states = await inContainer(
      podman,
      'sh',
      '-c',
      "sed 's/.*) //' /proc/[0-9]*/stat | cut -c1 | sort | uniq -c",
    );
    if (states.includes('Z')) throw new Error(states);
    return `process 1 is ${await inContainer(podman, 'cat', '/proc/1/comm')}`;
  });

  await report.step('container: stop, and start again', async () => {
    await podman.sh('stop', '--time', '60', CONTAINER);
    const ended = await podman.sh('inspect', '--format', '{{.State.ExitCode}}', CONTAINER);
    expectText('its exit code', ended, /^(0|143)$/);
    await podman.sh('start', CONTAINER);
    await waitUntilUp(podman);
    expectText('power status', await ask(bench, 'chassis', 'power', 'status'), 'Chassis Power is off');
    return `ended with ${ended}; the BMC answers again`;
  });

  await report.step('container: kill, and start again', async () => {
    // The lock and the sockets of the killed vbmcd are still there, and the new one has its process id.
    await podman.sh('kill', '--signal', 'KILL', CONTAINER);
    await podman.run('wait', CONTAINER);
    await podman.sh('start', CONTAINER);
    await waitUntilUp(podman);
    return powerCycles(bench);
  });
  await podman.sh('rm', '--force', '--time', '0', CONTAINER);
}
