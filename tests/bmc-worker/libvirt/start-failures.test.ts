/** Each program that vbmcd starts, with no file descriptor left: the process that starts it goes on. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';

const SOURCES = new URL('../../../packages/', import.meta.url).href;

/** Runs `steps` in a process that has `free()` and `take()`: its last descriptors, given up or used up. */
async function runShortOfDescriptors(steps: string): Promise<string> {
  const script = `
    import { execFileSync } from 'node:child_process';
    import { closeSync, openSync, writeSync } from 'node:fs';
    import { setTimeout as delay } from 'node:timers/promises';
    const say = (...words) => writeSync(1, words.join(' ') + '\\n');
    const held = [];
    const take = () => { try { for (;;) held.push(openSync('/dev/null')); } catch {} };
    const free = () => { for (const fd of held.splice(0)) closeSync(fd); };
    const limit = () => execFileSync('prlimit', ['--pid', String(process.pid), '--nofile=64:']);
    ${steps}
    process.exit(0);`;
  const child = spawn(process.execPath, ['--import', 'tsx', '--input-type=module', '-e', script]);
  let output = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => (output += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (output += text));
  await once(child, 'close');
  return output;
}

test('virsh: the end is reported with its cause, and the next one starts', async () => {
  const output = await runShortOfDescriptors(`
    const { loadVirshRunner, virshFollower } = await import('${SOURCES}bmc-worker/src/libvirt/follow-virsh.ts');
    await loadVirshRunner();
    const follow = virshFollower('/bin/echo', (code) => say('report', code ?? 'started'));
    const command = { connectionUri: 'x', libvirtAuthFile: undefined, args: [] };
    const once = () => new Promise((ended) => follow(command, { line() {}, ended }));
    limit(); take();
    say(await once() ?? 'well');
    free();
    say(await once() ?? 'well');`);
  expect(output.trim().split('\n')).toEqual([
    'report EMFILE',
    'virsh could not be started: EMFILE',
    'report started',
    'well',
  ]);
});

test('systemd-notify: the failure is logged, and the next one starts', async () => {
  const output = await runShortOfDescriptors(`
    const { systemdNotifier } = await import('${SOURCES}supervisor/src/systemd/systemd-notify.ts');
    const log = (level, message) => say(level, message);
    const report = (code) => say('report', code ?? 'started');
    const notify = systemdNotifier({ notifySocket: '/x' }, log, process.env, { program: 'true', report });
    limit(); take();
    say(await notify(['READY=1']));
    free();
    say(await notify(['READY=1']));`);
  expect(output.trim().split('\n')).toEqual([
    'report EMFILE',
    'error cannot notify systemd of READY=1: spawn true EMFILE',
    'false',
    'report started',
    'true',
  ]);
});

test('worker: its end is reported with its cause, after the start has returned', async () => {
  const output = await runShortOfDescriptors(`
    const { workerStarter } = await import('${SOURCES}supervisor/src/worker/worker-process.ts');
    const report = (code) => say('report', code ?? 'started');
    const parentDeath = () => ({ prefix: [] });
    const start = workerStarter('/dev/null', process.env, { now: () => 0 }, { report, parentDeath });
    const once = () => new Promise((ended) => {
      const worker = start('node-0', {
        message() {}, outputLine() {}, exited: (end, startFailure) => ended(startFailure ?? end.code) });
      worker.send({ type: 'stop' });
      worker.kill();
      say('returned');
    });
    limit(); take();
    say(await once());
    free();
    say(await once() === null ? 'killed' : 'ended');`);
  const lines = output.trim().split('\n');
  expect(lines.slice(0, 2)).toEqual(['returned', 'report EMFILE']);
  expect(lines[2]).toContain('EMFILE');
  expect(lines.slice(3)).toEqual(['report started', 'returned', 'killed']);
});
