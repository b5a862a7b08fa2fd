/** An ordinary user, from `vbmcd` without a word to a domain that runs: no option names a path or a connection. */
import { randomBytes } from 'node:crypto';
import { readFileSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { findProgram } from '#lab/lab-environment.ts';
import { defineGuest } from '#lab/guest.ts';
import { freeUdpPorts } from '#lab/free-ports.ts';
import { installApp } from '#lab/installed-app.ts';
import { startPrivateLibvirt, type PrivateLibvirt } from '#lab/private-libvirt.ts';
import type { CommandResult } from '#lab/run-command.ts';
import { isAlive } from '#support/processes.ts';
import { waitFor } from '#support/wait-for.ts';

/** A name that no domain of this machine's own libvirt has. */
const DOMAIN = `node-${randomBytes(6).toString('hex')}`;

let libvirt: PrivateLibvirt;
beforeEach(async () => {
  libvirt = await startPrivateLibvirt({ hypervisor: 'qemu' });
  await defineGuest(libvirt, DOMAIN, { boot: ['hd'] });
});
afterEach(async () => {
  await libvirt.stop();
});

/** Out of reach of this machine's own libvirt, as for most users. */
function virshWithoutSystem(): string {
  const text = `#!/bin/sh
case " $* " in *" qemu:///system "*) echo 'error: failed to connect to the hypervisor' >&2; exit 1 ;; esac
exec ${findProgram('virsh') ?? 'virsh'} "$@"
`;
  return dirname(libvirt.directory.write('bin/virsh', text, 0o755));
}

test('vbmcd, vbmc add, vbmc start, ipmitool power on, judged by virsh', async () => {
  const app = installApp(libvirt.directory);
  const [port = 0] = await freeUdpPorts(1);
  const home = libvirt.directory.makeDirectory('home');
  // XDG_STATE_HOME has its default, and the session libvirtd may be started by the first virsh.
  const env: Record<string, string> = {
    ...libvirt.environment,
    PATH: `${virshWithoutSystem()}:${libvirt.environment['PATH'] ?? ''}`,
  };
  delete env['LIBVIRT_AUTOSTART'];
  const run = (program: string, ...args: readonly string[]): Promise<CommandResult> =>
    libvirt.run(process.execPath, [program, ...args], { env });
  const ipmitool = (...words: readonly string[]): Promise<CommandResult> => {
    const login = ['-I', 'lanplus', '-H', '127.0.0.1', '-p', String(port), '-U', 'admin', '-P', 'secret'];
    return libvirt.run('ipmitool', [...login, ...words]);
  };
  const domstate = async (): Promise<string> => (await libvirt.virsh('domstate', DOMAIN)).trim();
  await libvirt.daemon.stop();

  const started = await run(app.vbmcd);
  const runDirectory = `${libvirt.environment['XDG_RUNTIME_DIR'] ?? ''}/vbmc`;
  const [, pidText] = /^vbmcd runs in the background, pid (\d+), 0 BMCs; /.exec(started.stdout) ?? [];
  const pid = Number(pidText);
  libvirt.directory.keep(pid);
  expect(started).toMatchObject({ exitCode: 0, stderr: '' });
  expect(started.stdout).toContain(`log ${home}/.local/state/vbmc/vbmcd.log`);
  expect(started.stdout).toContain(`control socket ${runDirectory}/vbmc.sock`);

  const add = await run(app.vbmc, 'add', DOMAIN, '--port', String(port), '--password', 'secret');
  expect(add).toMatchObject({ exitCode: 0, stdout: '' });
  expect(add.stderr).toContain('its libvirt_uri is qemu:///session, where the domain is');
  const inventory = `${libvirt.environment['XDG_CONFIG_HOME'] ?? ''}/vbmc/domains.ini`;
  expect(readFileSync(inventory, 'utf8')).toContain(
    `[${DOMAIN}]\nport = ${port}\nlibvirt_uri = qemu:///session\n`,
  );
  const places = [inventory, dirname(inventory), runDirectory, `${home}/.local/state/vbmc`];
  expect(places.map((path) => (statSync(path).mode & 0o777).toString(8))).toEqual([
    '600',
    '700',
    '700',
    '700',
  ]);

  const lost = await run(app.vbmc, 'add', `${DOMAIN}-lost`, '--port', '7', '--password', 'x');
  expect(lost).toMatchObject({ exitCode: 1, stdout: '' });
  expect(lost.stderr).toContain(
    `No domain with matching name ${DOMAIN}-lost was found: qemu:///session has no such domain; qemu:///system cannot be asked`,
  );

  expect(await run(app.vbmc, 'start', DOMAIN)).toMatchObject({ exitCode: 0, stderr: '' });
  expect((await ipmitool('power', 'on')).stdout).toBe('Chassis Power Control: Up/On\n');
  expect(await domstate()).toBe('running');
  expect((await run(app.vbmc, 'doctor')).stdout).toContain(
    `inventory ${inventory}, run directory ${runDirectory}`,
  );

  process.kill(pid, 'SIGTERM');
  await waitFor('the end of vbmcd', () => !isAlive(pid));
  expect(await domstate()).toBe('running');
});
