import { freeUdpPorts } from '#lab/free-ports.ts';
import { startIpmiSim } from '#lab/ipmi-sim.ts';
import { epochMs, type Subject } from './subject.ts';

/** OpenIPMI's simulator, in C: an upper bound for one process with one socket. It uses no libvirt. */
export async function launchIpmiSim(): Promise<Subject> {
  const [port = 0] = await freeUdpPorts(1);
  const password = 'of-the-benchmark';
  const launchedAtMs = epochMs();
  const simulator = await startIpmiSim(port, password, { machine: false });
  return {
    name: 'ipmi_sim',
    targets: [{ address: '127.0.0.1', port, username: 'admin', password }],
    mainPid: simulator.pid,
    launchedAtMs,
    stop: () => simulator.stop(),
  };
}
