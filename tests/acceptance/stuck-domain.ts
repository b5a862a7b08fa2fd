/**
 * `npm run test:stuck`: a domain about which libvirt does not answer, as when its storage does not. Its BMC is polled, and
 * so are others. The operator's `virsh`, and the other BMCs, must be served all the time; and everything must come back.
 * `--minutes N`: how long each part keeps its domain stuck.
 */
import { execFileSync } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import { startLab, type Lab } from '#lab/lab.ts';
import { putFifoInPlaceOfDisk, releaseDisk } from '#lab/stuck-disk.ts';
import { runAcceptance } from './acceptance-run.ts';
import type { Report } from './report.ts';
import { waitFor } from '#support/wait-for.ts';

const [OPTION, VALUE] = process.argv.slice(2);
const MINUTES = Number(OPTION === '--minutes' ? VALUE : 1);
if ((OPTION !== undefined && OPTION !== '--minutes') || !(MINUTES > 0)) {
  process.stderr.write('npm run test:stuck -- [--minutes N]\n');
  process.exit(2);
}

const STUCK = 'node-0';
const healthy = [1, 2] as const;
const POLL_MS = 10_000;
/** Of an operator's `virsh`, on a machine that is busy with other things. */
const OPERATOR_LIMIT_S = 20;

runAcceptance('npm run test:stuck', async ({ report, unlessInterrupted }) => {
  await inLab((lab) => unlessInterrupted(stuckDisk(lab, report)));
  await inLab((lab) => unlessInterrupted(unreadSave(lab, report)));
});

async function inLab(run: (lab: Lab) => Promise<void>): Promise<void> {
  const lab = await startLab({ domains: 3 });
  try {
    for (const index of healthy) await lab.libvirt.virsh('start', `node-${index}`);
    await run(lab);
  } finally {
    await lab.stop();
  }
}

async function stuckDisk(lab: Lab, report: Report): Promise<void> {
  const disk = await putFifoInPlaceOfDisk(lab, STUCK);
  const poweredOn = lab.ipmitool(lab.bmc(0), ['power', 'on']);
  await report.step(`open() hangs for ${MINUTES} min`, async () => servesTheRest(lab, setsBootDevice));
  await poweredOn;
  await report.step('power off while it hangs', async () => {
    const { stderr } = await lab.ipmitool(lab.bmc(0), ['power', 'off']);
    return stderr.trim().split('\n').at(-1) ?? '';
  });
  await report.step('the storage answers', async () => {
    await releaseDisk(disk);
    return recovers(lab);
  });
}

/** An operator saves a domain into a pipe that nobody reads. */
async function unreadSave(lab: Lab, report: Report): Promise<void> {
  await lab.libvirt.virsh('start', STUCK);
  const pipe = `${lab.libvirt.directory.path}/save`;
  await lab.libvirt.run('mkfifo', [pipe]);
  const saving = lab.libvirt.run('virsh', ['-c', lab.libvirt.connectionUri, 'save', STUCK, pipe]);
  await report.step(`virsh save hangs for ${MINUTES} min`, async () => servesTheRest(lab));
  await report.step('the pipe is read', async () => {
    // libvirtd opens the pipe more than once: it stays open at both ends.
    lab.libvirt.spawn('sh', ['-c', `exec 3<>"${pipe}"; exec cat <&3 >/dev/null`]);
    await saving;
    return recovers(lab);
  });
}

/** Polls all BMCs and libvirt while the domain is stuck. */
async function servesTheRest(lab: Lab, also?: (lab: Lab, poll: number) => Promise<string>): Promise<string> {
  const end = performance.now() + MINUTES * 60_000;
  const most = { clients: 0, busy: 0, virsh: 0 };
  const said = new Set<string>();
  let polls = 0;
  while (performance.now() < end) {
    const next = performance.now() + POLL_MS;
    polls += 1;
    const stuck = await lab.ipmitool(lab.bmc(0), ['power', 'status']);
    said.add((stuck.exitCode === 0 ? stuck.stdout : (stuck.stderr.trim().split('\n').at(-1) ?? '')).trim());
    for (const index of healthy) {
      const { stdout, stderr } = await lab.ipmitool(lab.bmc(index), ['power', 'status']);
      if (!stdout.includes('Chassis Power is on')) throw new Error(`node-${index}: ${stderr || stdout}`);
    }
    const more = (await also?.(lab, polls)) ?? '';
    await answersOperator(lab, 'hostname');
    await answersOperator(lab, 'domstate', 'node-1');
    const pool = await threadPool(lab);
    most.clients = Math.max(most.clients, pool.clients);
    most.busy = Math.max(most.busy, pool.busy);
    most.virsh = Math.max(most.virsh, virshProcesses(lab));
    process.stdout.write(
      `      ${polls}: ${JSON.stringify({ ...pool, virsh: virshProcesses(lab) })} ${more}\n`,
    );
    await sleep(Math.max(0, next - performance.now()));
  }
  return `${polls} polls, at most ${most.busy} busy workers of libvirtd, ${most.clients} clients, ${most.virsh} virsh of vbmcd; its BMC: ${[...said].join(' | ')}`;
}

/**
 * Sets a boot device of a healthy domain, another one each time. Only where a BMC's own start hangs: of another stuck domain vbmcd has to
 * ask one question, and libvirt changes no definition until that is answered (docs/decisions.md).
 */
async function setsBootDevice(lab: Lab, poll: number): Promise<string> {
  const startedAt = performance.now();
  const device = poll % 2 === 0 ? 'disk' : 'pxe';
  const { exitCode, stderr } = await lab.ipmitool(lab.bmc(1), ['chassis', 'bootdev', device]);
  if (exitCode !== 0) throw new Error(`node-1: bootdev ${device}: ${stderr}`);
  return `boot device ${device} after ${(performance.now() - startedAt).toFixed(0)} ms`;
}

async function answersOperator(lab: Lab, ...args: readonly string[]): Promise<void> {
  const command = ['-k', '5', String(OPERATOR_LIMIT_S), 'virsh', '-c', lab.libvirt.connectionUri, ...args];
  const { exitCode, stderr } = await lab.libvirt.run('timeout', command);
  if (exitCode !== 0) throw new Error(`virsh ${args.join(' ')}: exit ${exitCode} ${stderr}`);
}

/** What libvirtd says of its workers and clients. */
async function threadPool(lab: Lab): Promise<{ busy: number; clients: number }> {
  const admin = async (...args: string[]): Promise<string> =>
    (await lab.libvirt.run('virt-admin', ['-c', 'libvirtd:///session', ...args])).stdout;
  const info = await admin('server-threadpool-info', 'libvirtd');
  const figure = (name: string): number => Number(new RegExp(`\\b${name}\\s*: (\\d+)`).exec(info)?.[1]);
  const clients = await admin('server-clients-info', 'libvirtd');
  return {
    busy: figure('nWorkers') - figure('freeWorkers'),
    clients: Number(/nclients\s*: (\d+)/.exec(clients)?.[1]),
  };
}

/** Processes that vbmcd or its workers have started and that are no event stream. */
function virshProcesses(lab: Lab): number {
  const parents = new Set([lab.vbmcd.pid, ...lab.vbmcd.workerPids()]);
  return execFileSync('ps', ['-eo', 'ppid=,args='], { encoding: 'utf8' })
    .split('\n')
    .map((line) => /^\s*(\d+) (.*)$/.exec(line))
    .filter((match) => match !== null && parents.has(Number(match[1])))
    .filter((match) => / -c | --connect /.test(match?.[2] ?? '') && !match?.[2]?.includes('event --loop'))
    .length;
}

/** Waits until libvirt, `vbmc list` and all BMCs agree about every domain. */
async function recovers(lab: Lab): Promise<string> {
  const startedAt = performance.now();
  await waitFor(
    'everything to recover',
    async () => {
      for (const index of [0, ...healthy]) {
        const actual = await lab.domstate(`node-${index}`);
        const { stdout, stderr } = await lab.ipmitool(lab.bmc(index), ['power', 'status']);
        const wanted = `Chassis Power is ${actual === 'shut off' ? 'off' : 'on'}`;
        if (!stdout.includes(wanted)) throw new Error(`node-${index} is ${actual}: ${stderr || stdout}`);
      }
      if (virshProcesses(lab) > 0) throw new Error(`${virshProcesses(lab)} virsh are left`);
      return true;
    },
    { timeoutMs: 120_000 },
  );
  await answersOperator(lab, 'list', '--all');
  return `${STUCK} is ${await lab.domstate(STUCK)}, all as it should be after ${((performance.now() - startedAt) / 1000).toFixed(1)} s`;
}
