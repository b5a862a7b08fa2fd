import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

/** The simulator's "machine": two files that hold the power state and the boot device. */
function chassisProgram(directory: string): string {
  return `#!/bin/bash
cd ${directory}; op=$2; shift 2
case $op in
  get) for p in "$@"; do case $p in
    power) echo "power:$(cat power 2>/dev/null || echo 0)";;
    boot) echo "boot:$(cat boot 2>/dev/null || echo none)";;
    *) exit 1;; esac; done;;
  set) while [ $# -gt 0 ]; do case $1 in
    power|boot) echo "$2" > $1;;
    shutdown) echo 0 > power;;
    reset|identify) ;;
    *) exit 1;; esac; shift 2; done;;
esac
`;
}

/** Without this line the simulator answers from memory instead of running a program for each request. */
function chassisLine(directory: string): string {
  return `  chassis_control "${directory}/chassis_control 0x20"\n`;
}

function lanConfiguration(port: number, password: string, chassis: string): string {
  return `name "vectors"
set_working_mc 0x20
  startlan 1
    addr 127.0.0.1 ${port}
    priv_limit admin
    allowed_auths_callback none md2 md5 straight
    allowed_auths_user none md2 md5 straight
    allowed_auths_operator none md2 md5 straight
    allowed_auths_admin none md2 md5 straight
    guid a123456789abcdefa123456789abcdef
  endlan
${chassis}  user 1 true "" "" user 10 none md2 md5 straight
  user 2 true "admin" "${password}" admin 10 none md2 md5 straight
`;
}

const EMULATION = `mc_setbmc 0x20
mc_add 0x20 0 no-device-sdrs 0x23 9 8 0x9f 0x1291 0xf02
sel_enable 0x20 1000 0x0a
mc_enable 0x20
`;

/** Starts Debian's ipmi_sim (package openipmi) with user "admin", in a directory that `stop` removes. */
export async function startIpmiSim(
  port: number,
  password: string,
  { machine = true }: { readonly machine?: boolean } = {},
): Promise<{ readonly pid: number; stop: () => Promise<void> }> {
  const directory = mkdtempSync(join(tmpdir(), 'ipmi-sim-'));
  mkdirSync(join(directory, 'store'));
  const program = join(directory, 'chassis_control');
  writeFileSync(program, chassisProgram(directory));
  chmodSync(program, 0o755);
  const lan = join(directory, 'lan.conf');
  const emu = join(directory, 'sim.emu');
  writeFileSync(lan, lanConfiguration(port, password, machine ? chassisLine(directory) : ''));
  writeFileSync(emu, EMULATION);
  const simulator = spawn('ipmi_sim', ['-c', lan, '-f', emu, '-s', join(directory, 'store'), '-n'], {
    stdio: 'ignore',
  });
  // ipmi_sim does not report when it listens.
  await sleep(1000);
  const stop = async (): Promise<void> => {
    const exit = once(simulator, 'exit');
    simulator.kill();
    await exit;
    rmSync(directory, { recursive: true });
  };
  return { pid: simulator.pid ?? 0, stop };
}
