/** A standalone Ironic of our own, as the lab user, in a directory that is removed with it. */
import { spawn, type ChildProcess } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { closeSync, openSync, readFileSync } from 'node:fs';
import { installPrograms } from '../debian-packages.ts';
import { freeTcpPort } from '../free-ports.ts';
import { createLabDirectory, type LabDirectory } from '../lab-directory.ts';
import { findProgram, makeLabEnvironment } from '../lab-environment.ts';
import { labUser } from '../lab-user.ts';
import { runCommand } from '../run-command.ts';
import { waitFor } from '#support/wait-for.ts';
import { ironicApi, type IronicApi } from './ironic-api.ts';
import { ironicConfiguration, ironicPaths, type IronicPaths } from './configuration.ts';

/**
 * ironic-common and the python3-ironic that it depends on are enough: its program `ironic` is conductor and API in one
 * process without a message bus. Debian's ironic-api and ironic-conductor hold nothing but init scripts, and pull in
 * tftpd-hpa, xinetd and open-iscsi, which would listen on every address of this machine.
 */
const neededPrograms = {
  ironic: 'ironic-common',
  'ironic-dbsync': 'ironic-common',
  ipmitool: 'ipmitool',
  sqlite3: 'sqlite3',
  socat: 'socat',
};
/** The lab brings its own database, and has neither RabbitMQ nor Keystone for the package to configure. */
const debconfAnswers = ['configure_db', 'configure_rabbit', 'configure_ksat'].map(
  (question) => `ironic-common ironic/${question} boolean false`,
);
const START_TIMEOUT_MS = 90_000;
const LAST_LINES = 20;

export interface IronicService {
  /** `http://127.0.0.1:PORT` */
  readonly endpoint: string;
  readonly api: IronicApi;
  readonly logFile: string;
  /** URLs of two images with arbitrary content, to deploy a node with. */
  readonly images: { readonly kernel: string; readonly ramdisk: string };
  /** Ends it and removes its directory. */
  stop(): Promise<void>;
}

export async function startIronic(print: (line: string) => void): Promise<IronicService> {
  await installPrograms(neededPrograms, { print, answers: debconfAnswers });
  const directory = await createLabDirectory();
  try {
    print('starting Ironic …');
    const port = await freeTcpPort();
    const paths = ironicPaths(directory.path);
    const images = makeFiles(directory, paths, port);
    await createDatabase(directory, paths);
    const child = start(directory);
    const endpoint = `http://127.0.0.1:${port}`;
    const api = ironicApi(endpoint);
    await waitUntilUp(api, child, paths);
    return { endpoint, api, logFile: paths.logFile, images, stop: () => directory.remove() };
  } catch (error) {
    await directory.remove();
    throw error;
  }
}

function makeFiles(directory: LabDirectory, paths: IronicPaths, port: number): IronicService['images'] {
  directory.write('ironic.conf', ironicConfiguration(paths, port), 0o600);
  for (const name of ['tmp', 'tftp', 'http', 'consoles', 'master', 'images/run'])
    directory.makeDirectory(name);
  const image = (name: string): string =>
    `file://${directory.write(`images/source/${name}`, randomBytes(65_536))}`;
  return { kernel: image('kernel'), ramdisk: image('ramdisk') };
}

async function createDatabase(directory: LabDirectory, { database }: IronicPaths): Promise<void> {
  const options = { ...labUser, env: makeLabEnvironment(directory), cwd: directory.path, timeoutMs: 120_000 };
  for (const [command, ...args] of [
    ['ironic-dbsync', '--config-file', `${directory.path}/ironic.conf`, 'create_schema'],
    // With a write-ahead log readers do not block the writer.
    ['sqlite3', database, 'PRAGMA journal_mode=WAL;'],
  ] as const) {
    const { exitCode, stderr } = await runCommand(command, args, options);
    if (exitCode !== 0) throw new Error(`${command} failed: ${stderr.trim()}`);
  }
}

function start(directory: LabDirectory): ChildProcess {
  const log = openSync(directory.write('ironic.out', ''), 'a');
  const child = spawn(findProgram('ironic') ?? 'ironic', ['--config-file', `${directory.path}/ironic.conf`], {
    ...labUser,
    env: makeLabEnvironment(directory),
    cwd: directory.path,
    stdio: ['ignore', log, log],
    detached: true,
  });
  closeSync(log);
  directory.keep(child.pid);
  return child;
}

async function waitUntilUp(api: IronicApi, child: ChildProcess, paths: IronicPaths): Promise<void> {
  const ended = new Promise<never>((_resolve, reject) => {
    child.once('exit', () => {
      reject(new Error('it ended'));
    });
  });
  const hasDriver = async (): Promise<boolean> => {
    const { drivers } = (await api.get('/drivers')) as {
      readonly drivers: readonly { readonly name: string }[];
    };
    return drivers.some(({ name }) => name === 'ipmi');
  };
  try {
    const patience = { timeoutMs: START_TIMEOUT_MS, intervalMs: 500 };
    await Promise.race([ended, waitFor("Ironic's API to offer the driver ipmi", hasDriver, patience)]);
  } catch (error) {
    const said = [`${paths.directory}/ironic.out`, paths.logFile].map(lastLines).join('\n');
    throw new Error(`Ironic did not start: ${String(error)}\n${said}`);
  }
}

/** Of the log only what matters: at debug level it says a great deal. */
function lastLines(file: string): string {
  try {
    const lines = readFileSync(file, 'utf8').trim().split('\n');
    return lines
      .filter((line) => !/ (DEBUG|INFO) /.test(line))
      .slice(-LAST_LINES)
      .join('\n');
  } catch {
    return '';
  }
}
