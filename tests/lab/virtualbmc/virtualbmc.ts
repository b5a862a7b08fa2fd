/** The real VirtualBMC, from a checkout of openstack/virtualbmc, with a home directory and a control port of its own. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { waitFor } from '#support/wait-for.ts';
import { freeTcpPort } from '../free-ports.ts';
import { runCommand, type CommandResult } from '../run-command.ts';

/** Debian's. It needs the packages python3-cliff, python3-libvirt, python3-pbr, python3-pyghmi and python3-zmq. */
export const VIRTUALBMC_PYTHON = '/usr/bin/python3';

/** A verb in `setup.cfg` or `pyproject.toml` of the checkout. */
const entryPoint = /^\s*(\w+) = "?(virtualbmc\.cmd\.vbmc:\w+Command)"?$/gm;

/** The keys of one BMC, as VirtualBMC's file has them. */
export type VirtualBmcKeys = Readonly<Record<string, string | number>>;

export interface VirtualBmc {
  readonly version: string;
  /** The path of its `vbmc`. */
  readonly program: string;
  readonly environment: Readonly<Record<string, string>>;
  /** `vbmc ARGS…` */
  vbmc(...args: readonly string[]): Promise<CommandResult>;
  /** `vbmcd ARGS…`, to its end. */
  vbmcd(...args: readonly string[]): Promise<CommandResult>;
  stop(): Promise<void>;
}

/** Installs it into an empty directory and starts its daemon with these BMCs. */
export async function startVirtualBmc(
  checkout: string,
  directory: string,
  bmcs: readonly VirtualBmcKeys[] = [],
): Promise<VirtualBmc> {
  const version = await install(checkout, directory);
  for (const keys of bmcs) writeKeys(directory, keys);
  const environment = {
    HOME: home(directory),
    PATH: process.env['PATH'] ?? '',
    LANG: 'C.UTF-8',
    PYTHONDONTWRITEBYTECODE: '1',
    PYTHONPATH: `${checkout}:${directory}`,
  };
  const [program, daemon] = [join(directory, 'bin/vbmc'), join(directory, 'bin/vbmcd')];
  const run = (path: string, args: readonly string[]): Promise<CommandResult> =>
    runCommand(path, args, { env: environment });
  const child = spawn(daemon, ['--foreground'], { env: environment, stdio: 'ignore' });
  const ended = once(child, 'close');
  const vbmc: VirtualBmc = {
    ...{ version, program, environment },
    vbmc: (...args) => run(program, args),
    vbmcd: (...args) => run(daemon, args),
    stop: async () => {
      child.kill();
      await ended;
    },
  };
  await waitFor('the daemon of VirtualBMC', async () => (await vbmc.vbmc('list')).exitCode === 0);
  return vbmc;
}

function home(directory: string): string {
  return join(directory, 'home');
}

/** Lays out what pip would install. Returns the version. */
async function install(checkout: string, directory: string): Promise<string> {
  const described = await runCommand('git', ['-C', checkout, 'describe', '--tags'], {});
  const version = /^[0-9.]+/.exec(described.stdout)?.[0] ?? '0';
  const distribution = join(directory, `virtualbmc-${version}.dist-info`);
  for (const folder of [distribution, join(directory, 'bin'), join(home(directory), '.vbmc')]) {
    mkdirSync(folder, { recursive: true });
  }
  const metadata = `Metadata-Version: 2.1\nName: virtualbmc\nVersion: ${version}\n`;
  writeFileSync(join(distribution, 'METADATA'), metadata);
  const verbs = verbsOf(checkout).map(([verb, target]) => `${verb} = ${target}\n`);
  writeFileSync(join(distribution, 'entry_points.txt'), `[virtualbmc]\n${verbs.join('')}`);
  for (const name of ['vbmc', 'vbmcd']) {
    const program = `#!${VIRTUALBMC_PYTHON}\nimport sys\nfrom virtualbmc.cmd.${name} import main\nsys.exit(main())\n`;
    writeFileSync(join(directory, 'bin', name), program, { mode: 0o755 });
  }
  const settings = `[default]\nserver_port = ${await freeTcpPort()}\n`;
  writeFileSync(join(home(directory), '.vbmc/virtualbmc.conf'), settings);
  return version;
}

function verbsOf(checkout: string): readonly (readonly [string, string])[] {
  const texts = ['pyproject.toml', 'setup.cfg']
    .map((name) => join(checkout, name))
    .filter((path) => existsSync(path))
    .map((path) => readFileSync(path, 'utf8'));
  const verbs = [...texts.join('\n').matchAll(entryPoint)].map(
    ([, verb = '', target = '']) => [verb, target] as const,
  );
  if (verbs.length === 0) throw new Error(`${checkout} is no checkout of openstack/virtualbmc`);
  return verbs;
}

function writeKeys(directory: string, keys: VirtualBmcKeys): void {
  const folder = join(home(directory), '.vbmc', String(keys['domain_name']));
  mkdirSync(folder);
  const lines = Object.entries(keys).map(([key, value]) => `${key} = ${value}\n`);
  writeFileSync(join(folder, 'config'), `[VirtualBMC]\n${lines.join('')}`);
}
