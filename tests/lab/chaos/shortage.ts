/** Shortages that the kernel reports to one process. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { waitFor } from '#support/wait-for.ts';
import type { PrivateLibvirt } from '../private-libvirt.ts';

const FORKS = 'clone,clone3,fork,vfork';
const ATTACH_MS = 15_000;

/** Every fork of the process fails with this error meanwhile. */
export async function withFailingForks(
  pid: number,
  code: string,
  meanwhile: () => Promise<unknown>,
): Promise<void> {
  const strace = spawn('strace', [
    ...['-f', '-qq', '-o', '/dev/null', '-p', String(pid)],
    ...['-e', `trace=${FORKS}`, '-e', `inject=${FORKS}:error=${code}`],
  ]);
  const ended = once(strace, 'close');
  const isAttached = (): boolean =>
    strace.exitCode !== null || status(pid).includes(`TracerPid:\t${strace.pid ?? 0}\n`);
  try {
    await waitFor('strace to attach', isAttached, { timeoutMs: ATTACH_MS });
    await meanwhile();
  } finally {
    // Detached, the process goes on; a strace that was killed would leave it stopped.
    strace.kill('SIGINT');
    await ended;
  }
}

/** The process can open nothing more meanwhile: only standard input, output and error have numbers below 3. */
export async function withoutDescriptors(
  libvirt: PrivateLibvirt,
  pid: number,
  meanwhile: () => Promise<unknown>,
): Promise<void> {
  const [, limit] = /^Max open files +(\d+)/m.exec(read(`/proc/${pid}/limits`)) ?? [];
  if (limit === undefined) return;
  const set = (count: string): Promise<unknown> =>
    libvirt.run('prlimit', ['--pid', String(pid), `--nofile=${count}:`]);
  await set('3');
  try {
    await meanwhile();
  } finally {
    await set(limit);
  }
}

function status(pid: number): string {
  return read(`/proc/${pid}/status`);
}

function read(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}
