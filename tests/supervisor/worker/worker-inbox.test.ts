import { MAXIMUM_WORKER_LINE, type WorkerMessage } from '@vbmc/bmc-worker/ipc';
import type { ChannelViolation } from '#supervisor/status/channel-violation.ts';
import {
  channelBytes,
  channelReports,
  channelSessionEvents,
} from '#supervisor/supervision/supervision-times.ts';
import { WorkerInbox } from '#supervisor/worker/worker-inbox.ts';
import { messageTypes, validMessage } from '#support/hostile/worker-lines.ts';
import { noFigures } from '#support/supervisor/no-figures.ts';

const pong = { type: 'pong', requestId: 1, ...noFigures } as const;

function line(message: object): string {
  return `${JSON.stringify(message)}\n`;
}

function judge(pieces: readonly string[]): {
  messages: WorkerMessage[];
  violation: ChannelViolation | undefined;
} {
  const inbox = new WorkerInbox(0);
  const messages: WorkerMessage[] = [];
  for (const piece of pieces) {
    const judgement = inbox.take(piece, Buffer.byteLength(piece), 0);
    messages.push(...judgement.messages);
    if (judgement.violation !== undefined) return { messages, violation: judgement.violation };
  }
  return { messages, violation: undefined };
}

test('messages are the same wherever the stream is cut', () => {
  const sent = [pong, { type: 'ready', address: '::', port: 1 }, { ...pong, requestId: 2 }];
  const text = sent.map(line).join('');
  for (let at = 0; at <= text.length; at += 1) {
    expect(judge([text.slice(0, at), text.slice(at)])).toEqual({ messages: sent, violation: undefined });
  }
  expect(judge(text.match(/[^]/g) ?? []).messages).toEqual(sent);
});

test.each([
  ['this is not JSON', 'notJson', 'worker sent a line that is not JSON: "this is not JSON"'],
  [
    `\u001b[2J${'x'.repeat(200)}`,
    'notJson',
    /^worker sent a line that is not JSON: "\\u001b\[2Jx{56}\.\.\."$/,
  ],
  ['{"cmd":"NODE_HANDLE_ACK"}', 'notAMessage', 'worker sent a line that is no message: type is missing'],
  ['', 'notJson', 'worker sent a line that is not JSON: ""'],
  ['[1]', 'notAMessage', 'worker sent a line that is no message: the message is a list of 1'],
])('%j breaks a rule: %s', (text, kind, cause) => {
  const { messages, violation } = judge([line(pong) + `${text}\n` + line(pong)]);
  expect(messages).toEqual([pong]);
  expect(violation?.kind).toBe(kind);
  expect(violation?.cause).toEqual(typeof cause === 'string' ? cause : expect.stringMatching(cause));
});

test('a line may have the greatest length, and no more, whether it ends or not', () => {
  const padded = (length: number): string => {
    const text = JSON.stringify(pong);
    return text + ' '.repeat(length - text.length);
  };
  expect(judge([`${padded(MAXIMUM_WORKER_LINE)}\n`])).toEqual({ messages: [pong], violation: undefined });
  for (const end of ['\n', '']) {
    expect(judge([padded(MAXIMUM_WORKER_LINE + 1) + end]).violation?.kind).toBe('lineTooLong');
  }
  const pieces = Array.from({ length: MAXIMUM_WORKER_LINE / 64 + 1 }, () => 'x'.repeat(64));
  expect(judge(pieces).violation?.kind).toBe('lineTooLong');
  expect(judge(pieces.slice(1)).violation).toBeUndefined();
});

test('a worker announces itself once', () => {
  const ready = line({ type: 'ready', address: '::', port: 1 });
  const bindFailed = line({ type: 'bindFailed', code: 'E', message: 'm' });
  for (const [first, second] of [
    [ready, ready],
    [ready, bindFailed],
    [bindFailed, ready],
  ]) {
    const { messages, violation } = judge([`${first}${second}`]);
    expect([messages.length, violation?.kind]).toEqual([1, 'outOfTurn']);
  }
});

const opened = { kind: 'sessionClosed', source: 's', user: 'u', cause: 'closed' } as const;
const other = { kind: 'reportsLost', count: 1 } as const;

test.each([
  [opened, channelSessionEvents, 'worker sent more than 20000 events about sessions a second'],
  [other, channelReports, 'worker sent more than 4000 reports a second'],
])('events have a budget, which fills again with time: %j', (event, budget, cause) => {
  const inbox = new WorkerInbox(0);
  const text = line({ type: 'events', events: new Array(100).fill(event) });
  const accepted = (now: number): number => {
    for (let count = 0; ; count += 100) {
      // The budget of bytes is another one.
      const { violation } = inbox.take(text, 1, now);
      if (violation === undefined) continue;
      expect(violation).toEqual({ kind: 'tooMuch', cause });
      return count;
    }
  };
  expect(accepted(0)).toBe(budget.burst);
  expect(accepted(0)).toBe(0);
  expect(accepted(500)).toBe(budget.perSecond / 2);
  expect(accepted(1_000_000)).toBe(budget.burst);
});

test('a message without events counts as one, and an answer to a question does not count', () => {
  const inbox = new WorkerInbox(0);
  const call = { type: 'virshCall', verb: 'domstate', durationMs: 1, outcome: 'ok' };
  const empty = { type: 'events', events: [] };
  for (let count = 0; count < channelReports.burst; count += 2) {
    expect(inbox.take(line(call) + line(empty), 1, 0).violation).toBeUndefined();
  }
  expect(inbox.take(line(pong), 1, 0).violation?.kind).toBe('tooMuch');
  for (let count = 0; count < 10; count += 1) inbox.expectAnswer();
  expect(inbox.take(line(pong).repeat(10), 1, 0).violation).toBeUndefined();
  expect(inbox.take(line(pong), 1, 0).violation?.kind).toBe('tooMuch');
});

test('what a worker asks for counts, whatever it has been asked', () => {
  const requests = [
    { type: 'powerRestorePolicy', requestId: 1, policy: 'alwaysOn' },
    { type: 'owedStart', requestId: 1, description: 'power cycle', user: 'admin', source: '::1', uuid: '' },
    { type: 'owedStartEnded', requestId: 1, how: 'done' },
  ];
  for (const request of requests) {
    const inbox = new WorkerInbox(0);
    for (let count = 0; count < channelReports.burst; count += 1) inbox.expectAnswer();
    for (let count = 0; count < channelReports.burst; count += 1) {
      expect(inbox.take(line(request), 1, 0).violation).toBeUndefined();
    }
    expect(inbox.take(line(request), 1, 0).violation?.kind).toBe('tooMuch');
  }
});

test('bytes have a budget, those of other output included', () => {
  const inbox = new WorkerInbox(0);
  for (let sent = 0; sent < channelBytes.burst; sent += 100_000) {
    expect(inbox.take('x', 50_000, 0)).toEqual({ messages: [] });
    expect(inbox.countBytes(50_000, 0)).toBeUndefined();
  }
  const violation = { kind: 'tooMuch', cause: 'worker sent more than 4000000 bytes a second' };
  expect(inbox.countBytes(1, 0)).toEqual(violation);
  expect(inbox.take('x', 1, 0)).toEqual({ messages: [], violation });
  expect(inbox.take('x', 40_000, 10)).toEqual({ messages: [] });
});

test('the longest message that a worker sends fits many times', () => {
  const longest = {
    kind: 'sessionOpened',
    source: `[fe80::1234:5678:9abc:def0%interface-name1]:65535`,
    user: '\\xff'.repeat(16),
    cipherSuiteId: 17,
    privilege: 'administrator',
  };
  const text = line({ type: 'events', events: new Array(257).fill(longest) });
  expect(judge([text]).messages).toHaveLength(1);
  expect(text.length * 3).toBeLessThan(MAXIMUM_WORKER_LINE);
});

test.each(messageTypes)('a valid %s with all kinds of texts is read', (type) => {
  for (let choice = 0; choice < 6; choice += 1) {
    const { text } = validMessage(type, (count) => choice % count);
    expect(judge([`${text}\n`])).toMatchObject({ messages: [{ type }], violation: undefined });
  }
});
