/**
 * A worker that writes lines at random. It runs bundled, in place of the built worker, which lies next to it: for BMCs whose
 * name does not begin with `hostile` it runs that one. The domain's name is `SEED LINES DIRECTORY`: the worker and its
 * successors write that many lines in all, once there is a file `go` in the directory. `DIRECTORY/NAME` gets a line of JSON for
 * each life, before its lines are written: what the rules of the channel say about them.
 */
import { appendFileSync, existsSync, readFileSync } from 'node:fs';
import { Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { CHANNEL_FD, createLineSplitter, messageLine, type SupervisorMessage } from '@vbmc/bmc-worker/ipc';
import type { ViolationKind } from '#supervisor/status/channel-violation.ts';
import { WorkerInbox } from '#supervisor/worker/worker-inbox.ts';
import { SeededRandom } from '../seeded-random.ts';
import { readLives, type HostileLife } from './hostile-lives.ts';
import { randomChangedLine, randomValidLine } from './random-worker-lines.ts';

/** Lines of one life: few enough that they break no budget. */
const MOST_LINES = 3_000;
const REAL_WORKER = './real-worker.cjs';
const NAME = process.argv[2] ?? '';

const figures = {
  ...{
    activeSessions: 0,
    halfOpenSessions: 0,
    lockedOutLogins: 0,
    malformedDatagrams: 0,
    oversizedDatagrams: 0,
  },
  ...{ rateLimitedDatagrams: 0, notAllowedDatagrams: 0, refusedLogins: 0, lockouts: 0 },
};

if (NAME.startsWith('hostile')) beHostile();
else void import(REAL_WORKER);

function beHostile(): void {
  const channel = new Socket({ fd: CHANNEL_FD, readable: true, writable: true });
  const lines = createLineSplitter(1_000_000);
  const send = (message: object): void => void channel.write(messageLine(message));
  channel.on('error', () => undefined);
  channel.on('close', () => process.exit(0));
  channel.setEncoding('utf8').on('data', (piece: string) => {
    for (const line of lines.push(piece)) {
      const message = JSON.parse(line) as SupervisorMessage;
      if (message.type === 'stop') process.exit(0);
      if (message.type === 'ping') send({ type: 'pong', requestId: message.requestId, ...figures });
      if (message.type !== 'configure') continue;
      const { address, port, domainName } = message.configuration;
      send({ type: 'ready', address, port });
      void writeLines(channel, domainName);
    }
  });
}

async function writeLines(channel: Socket, plan: string): Promise<void> {
  const [seed = '', lines = '', directory = ''] = plan.split(' ');
  const record = `${directory}/${NAME}`;
  while (!existsSync(`${directory}/go`)) await sleep(100);
  for (;;) {
    const lives = existsSync(record) ? readLives(readFileSync(record, 'utf8')) : [];
    const left = Number(lines) - lives.reduce((sum, { written }) => sum + written, 0);
    if (left <= 0) return;
    const { text, life } = await makeLife(new SeededRandom(Number(seed) + lives.length), left);
    appendFileSync(record, `${JSON.stringify(life)}\n`);
    await new Promise((resolve) => channel.write(text, resolve));
    // The supervisor kills this process now, unless no line broke a rule.
    await sleep(life.violation === undefined ? 1_000 : 600_000);
  }
}

/** Half of the lives break a rule soon, the others late. */
async function makeLife(
  random: SeededRandom,
  left: number,
): Promise<{ readonly text: string; readonly life: HostileLife }> {
  const written = Math.min(left, random.below(2) === 0 ? 1 + random.below(20) : MOST_LINES);
  const oneChangedIn = written < 100 ? 3 : MOST_LINES;
  const inbox = new WorkerInbox(0);
  inbox.take(messageLine({ type: 'ready', address: '::', port: 1 }), 0, 0);
  const all: string[] = [];
  let judged = written;
  let violation: ViolationKind | undefined;
  for (let count = 1; count <= written; count += 1) {
    const line = random.below(oneChangedIn) === 0 ? randomChangedLine(random) : randomValidLine(random);
    all.push(line);
    // A worker that answers no ping on a busy machine would be replaced for that.
    if (count % 100 === 0) await sleep(0);
    if (violation !== undefined) continue;
    violation = inbox.take(`${line}\n`, Buffer.byteLength(line) + 1, 0).violation?.kind;
    if (violation !== undefined) judged = count;
  }
  return {
    text: `${all.join('\n')}\n`,
    life: { written, judged, ...(violation !== undefined && { violation }) },
  };
}
