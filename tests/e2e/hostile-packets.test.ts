/** Unauthenticated packets that killed other BMCs: the worker survives them, and so do its sessions. */
import {
  encodeRmcpPacket,
  encodeSessionlessPacketV20,
  getDeviceId,
  type PayloadType,
} from '@vbmc/ipmi-codec';
import { UdpConsole } from '#support/console/udp-console.ts';
import { sendHostileDatagrams } from '#support/hostile/send-hostile-datagrams.ts';
import { consoleTo } from '#support/clients/console-to.ts';
import { describeDurations, printFigure } from '#support/figures.ts';
import { startLab, type Lab } from '#lab/lab.ts';
import { startSteadyRequests, type SteadyRequests } from '#support/clients/steady-requests.ts';

let lab: Lab;
let pid: number | null | undefined;
let attacker: UdpConsole;
let steady: SteadyRequests;
async function workerPid(): Promise<number | null | undefined> {
  return (await lab.vbmcList())[0]?.pid;
}

beforeAll(async () => {
  lab = await startLab();
  pid = await workerPid();
});
afterAll(async () => {
  await lab.stop();
});
beforeEach(async () => {
  attacker = await UdpConsole.bind(consoleTo(lab.bmc(0)));
  steady = await startSteadyRequests(lab.bmc(0), getDeviceId);
});
afterEach(async () => {
  // The socket is read in order: what was sent before the ping has been taken in when the pong comes.
  try {
    await attacker.ping();
  } finally {
    await attacker.abandon();
  }
  const { failures, retransmissions } = await steady.stop();
  expect({ failures, retransmissions, pid: await workerPid() }).toEqual({
    failures: [],
    retransmissions: 0,
    pid,
  });
  expect(await latencyOf(20)).toHaveLength(20);
});

/** How long a request takes in a new session without other traffic. */
async function latencyOf(requests: number): Promise<number[]> {
  const session = await UdpConsole.connect(consoleTo(lab.bmc(0)));
  const durationsMs: number[] = [];
  for (let n = 0; n < requests; n += 1) {
    const startedAt = performance.now();
    expect(await session.request(getDeviceId, undefined)).toMatchObject({ completionCode: 0 });
    durationsMs.push(performance.now() - startedAt);
  }
  await session.close();
  return durationsMs;
}

function withPayload(type: PayloadType, payload: Uint8Array): Uint8Array {
  return encodeRmcpPacket({
    messageClass: 'ipmi',
    sequenceNumber: 0xff,
    body: encodeSessionlessPacketV20(type, payload),
  });
}
/** RMCP header and session header. */
const HEADERS_LENGTH = 16;

async function openSession(): Promise<void> {
  const datagram = attacker.console.openSessionRequest();
  await attacker.exchange(
    () => datagram,
    ({ kind }) => kind === 'openSessionResponse',
  );
}

async function refusalTo(datagram: Uint8Array): Promise<string> {
  const answer = await attacker.exchange(
    () => datagram,
    ({ kind }) => kind === 'refusal',
  );
  return answer.kind === 'refusal' ? answer.refusal.status : answer.kind;
}

test('a RAKP Message 1 cut at every length', async () => {
  await openSession();
  const whole = attacker.console.rakpMessage1();
  for (let length = 0; length < whole.length; length += 1) attacker.send(whole.subarray(0, length));
  // The same with headers that tell the truth about the length.
  const payload = whole.subarray(HEADERS_LENGTH);
  for (let length = 0; length < payload.length; length += 1) {
    attacker.send(withPayload('rakpMessage1', payload.subarray(0, length)));
  }
});

test('a RAKP Message 1 with a user name that is not UTF-8', async () => {
  await openSession();
  const userName = Uint8Array.of(0xff, 0xfe, 0xc3, 0x28, 0x80);
  const rakp1 = attacker.console.rakpMessage1({ userName });
  await attacker.exchange(
    () => rakp1,
    ({ kind }) => kind === 'rakpMessage2',
  );
  expect(await refusalTo(attacker.console.rakpMessage3())).toBe('invalidIntegrityCheckValue');
});

test('a RAKP Message 1 with a user name of 255 bytes, all there, and only said to be there', async () => {
  await openSession();
  const whole = attacker.console.rakpMessage1({ userName: new Uint8Array(255).fill(0x61) });
  expect(await refusalTo(whole)).toBe('invalidNameLength');
  const payload = whole.subarray(HEADERS_LENGTH);
  attacker.send(withPayload('rakpMessage1', payload.subarray(0, 28)));
  attacker.send(withPayload('rakpMessage1', payload.subarray(0, 44)));
});

test('a RAKP Message 3 before RAKP Message 1', async () => {
  expect(await refusalTo(attacker.console.rakpMessage3())).toBe('invalidSessionId');
  await openSession();
  expect(await refusalTo(attacker.console.rakpMessage3())).toBe('invalidSessionId');
});

test('100,000 hostile datagrams: noise, mutations of live sessions, and right codes around anything', async () => {
  const before = await latencyOf(200);
  const undisturbed = steady.answered();
  const { datagrams, seconds, dropped } = await sendHostileDatagrams(lab.bmc(0), 100_000, 623);
  const { durationsMs } = await steady.stop();
  const during = durationsMs.slice(undisturbed);
  const after = await latencyOf(200);
  printFigure('hostile datagrams', `${datagrams} taken in within ${seconds.toFixed(1)} s`);
  printFigure('Get Device ID before the hostile datagrams', describeDurations(before));
  printFigure('Get Device ID during the hostile datagrams', describeDurations(during));
  printFigure('Get Device ID after the hostile datagrams', describeDurations(after));
  expect(dropped).toBe(0);
  expect(during.length).toBeGreaterThan(100);
});
