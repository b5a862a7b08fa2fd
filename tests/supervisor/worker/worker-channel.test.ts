import { Duplex } from 'node:stream';
import type { WorkerMessage } from '@vbmc/bmc-worker/ipc';
import type { ChannelViolation } from '#supervisor/status/channel-violation.ts';
import { MOST_UNREAD_BYTES } from '#supervisor/supervision/supervision-times.ts';
import { WorkerChannel } from '#supervisor/worker/worker-channel.ts';
import { noFigures } from '#support/supervisor/no-figures.ts';

const pong = { type: 'pong', requestId: 1, ...noFigures } as const;

/** A channel whose other end reads only when told to. */
function scene(onMessage: (message: WorkerMessage) => void = () => undefined) {
  const written: string[] = [];
  const taken: (() => void)[] = [];
  const stream = new Duplex({
    read: () => undefined,
    write: (chunk: Buffer, _encoding, done) => {
      written.push(chunk.toString());
      taken.push(done);
    },
  });
  const messages: WorkerMessage[] = [];
  const violations: ChannelViolation[] = [];
  const channel = new WorkerChannel(stream, () => 0, {
    message: (message) => {
      messages.push(message);
      onMessage(message);
    },
    brokeRule: (violation) => violations.push(violation),
  });
  const arrives = async (bytes: Uint8Array): Promise<void> => {
    stream.push(bytes);
    await new Promise(setImmediate);
  };
  return { stream, channel, messages, violations, written, arrives };
}

function lines(...messages: readonly object[]): Buffer {
  return Buffer.from(messages.map((message) => `${JSON.stringify(message)}\n`).join(''));
}

test('a character that is cut between two pieces is put together', async () => {
  const { arrives, messages } = scene();
  const virshCall = { type: 'virshCall', verb: 'größe', durationMs: 1, outcome: 'ok' };
  for (const byte of lines(virshCall)) await arrives(Uint8Array.of(byte));
  expect(messages).toEqual([virshCall]);
});

test('after a broken rule nothing is read, and the stream is closed', async () => {
  const { arrives, messages, violations, stream, channel } = scene();
  await arrives(Buffer.concat([lines(pong), Buffer.from('x\n'), lines(pong)]));
  expect(messages).toEqual([pong]);
  expect(violations).toHaveLength(1);
  expect(stream.destroyed).toBe(true);
  channel.send({ type: 'stop' });
  channel.countOutput(1e9);
  expect(violations).toHaveLength(1);
});

test('a bug that a message reveals ends the worker that sent it, and no other', async () => {
  const { arrives, messages, violations } = scene(() => {
    throw new TypeError('undefined is not\na function');
  });
  await arrives(lines(pong, pong));
  expect(messages).toEqual([pong]);
  expect(violations).toEqual([
    {
      kind: 'notHandled',
      cause: expect.stringMatching(
        /^vbmcd failed at a message of the worker, which is a bug of vbmcd: TypeError: undefined is not a function at [^\n]+$/,
      ) as string,
    },
  ]);
});

test('other output counts too', () => {
  const { channel, violations } = scene();
  channel.countOutput(8_000_000);
  expect(violations).toEqual([]);
  channel.countOutput(1);
  expect(violations[0]?.kind).toBe('tooMuch');
});

test('a worker that does not read fills no memory', () => {
  const { channel, violations, stream } = scene();
  const message = { type: 'powerUp', cause: 'x'.repeat(99_900) } as const;
  for (let count = 0; count < 1_000; count += 1) channel.send(message);
  expect(violations).toEqual([{ kind: 'unread', cause: 'worker does not read what vbmcd sends' }]);
  expect(stream.writableLength).toBeLessThan(MOST_UNREAD_BYTES + 200_000);
});
