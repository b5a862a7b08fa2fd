import type { BmcConfiguration, LanFacts, SupervisorMessage } from '@vbmc/bmc-worker/ipc';
import { DeviceLink } from '#supervisor/worker/device-link.ts';
import { VirtualClock } from '#support/supervisor/virtual-clock.ts';

const by = { user: 'admin', source: '192.0.2.7:40000' };
const lan: LanFacts = { port: 6230, address: '192.0.2.1' };

function linkOf(lanFacts: () => Promise<LanFacts> = () => Promise.resolve(lan)) {
  const clock = new VirtualClock();
  const sent: SupervisorMessage[] = [];
  const logged: string[] = [];
  const reports = { log: (_: unknown, message: string) => void logged.push(message) };
  const send = (message: SupervisorMessage): void => void sent.push(message);
  return { clock, sent, logged, link: new DeviceLink({ clock, reports, send, lanFacts }) };
}

test('the identify lamp is lit for its time, until it is switched off, or not at all', () => {
  const { clock, sent, link } = linkOf();
  expect(link.lamp.state).toBe('off');

  link.setIdentify({ type: 'identify', requestId: 1, lamp: 'timed', seconds: 15, ...by });
  expect(sent).toEqual([{ type: 'deviceAnswered', requestId: 1 }]);
  clock.advance(14_999);
  expect(link.lamp.state).toBe('timed');
  clock.advance(1);
  expect(link.lamp.state).toBe('off');

  link.setIdentify({ type: 'identify', requestId: 2, lamp: 'on', ...by });
  clock.advance(1e9);
  expect(link.lamp.state).toBe('on');
  link.setIdentify({ type: 'identify', requestId: 3, lamp: 'off', ...by });
  expect(link.lamp.state).toBe('off');
});

test('a new worker is told how long the lamp stays lit', () => {
  const { clock, link } = linkOf();
  const configuration = { name: 'node-0' } as BmcConfiguration;
  expect(link.complete(configuration)).toEqual({ name: 'node-0' });
  link.setIdentify({ type: 'identify', requestId: 1, lamp: 'timed', seconds: 15, ...by });
  clock.advance(4_500);
  expect(link.complete(configuration)).toEqual({ name: 'node-0', identify: { seconds: 11 } });
  link.setIdentify({ type: 'identify', requestId: 2, lamp: 'on', ...by });
  expect(link.complete(configuration)).toEqual({ name: 'node-0', identify: 'on' });
});

test('the log tells each change of the lamp, and is not filled by a client that makes thousands', () => {
  const { logged, link } = linkOf();
  const lamps = ['timed', 'timed', 'off', 'off', 'on'] as const;
  for (const lamp of lamps) link.setIdentify({ type: 'identify', requestId: 1, lamp, seconds: 1, ...by });
  expect(logged).toEqual([
    'identify lamp on for 1 second, by "admin" from 192.0.2.7:40000',
    'identify lamp off, by "admin" from 192.0.2.7:40000',
    'identify lamp on, by "admin" from 192.0.2.7:40000',
  ]);
  for (let times = 0; times < 1_000; times += 1)
    for (const lamp of ['off', 'on'] as const)
      link.setIdentify({ type: 'identify', requestId: 1, lamp, ...by });
  expect(logged).toHaveLength(10);
});

test('what is known of the network goes to the worker that has asked, and not to the next one', async () => {
  const { sent, link } = linkOf();
  await link.readLan({ type: 'readLan', requestId: 7 });
  expect(sent).toEqual([{ type: 'deviceAnswered', requestId: 7, lan }]);
  const asked = link.readLan({ type: 'readLan', requestId: 8 });
  link.workerGone();
  await asked;
  expect(sent).toHaveLength(1);
});

test('a worker is told what the domain watch knows for its sensors', () => {
  const { sent, link } = linkOf();
  link.tellSensors({ type: 'readSensors', requestId: 7 }, { cpuPercent: 37 });
  expect(sent).toEqual([{ type: 'deviceAnswered', requestId: 7, sensors: { cpuPercent: 37 } }]);
});
