import type { SupervisorMessage } from '@vbmc/bmc-worker/ipc';
import { DeviceLink } from '#supervisor/worker/device-link.ts';
import { VirtualClock } from '#support/supervisor/virtual-clock.ts';

test('the identify lamp is lit for its time, until it is switched off, or not at all', () => {
  const clock = new VirtualClock();
  const sent: SupervisorMessage[] = [];
  const link = new DeviceLink(clock, (message) => sent.push(message));
  expect(link.lamp.state).toBe('off');

  link.setIdentify({ type: 'identify', requestId: 1, lamp: 'timed', seconds: 15 });
  expect(sent).toEqual([{ type: 'deviceAnswered', requestId: 1 }]);
  clock.advance(14_999);
  expect(link.lamp.state).toBe('timed');
  clock.advance(1);
  expect(link.lamp.state).toBe('off');

  link.setIdentify({ type: 'identify', requestId: 2, lamp: 'on' });
  clock.advance(1e9);
  expect(link.lamp.state).toBe('on');
  link.setIdentify({ type: 'identify', requestId: 3, lamp: 'off' });
  expect(link.lamp.state).toBe('off');
});

test('a worker is told what the domain watch knows for its sensors', () => {
  const sent: SupervisorMessage[] = [];
  const link = new DeviceLink(new VirtualClock(), (message) => sent.push(message));
  link.tellSensors({ type: 'readSensors', requestId: 7 }, { cpuPercent: 37 });
  expect(sent).toEqual([{ type: 'deviceAnswered', requestId: 7, sensors: { cpuPercent: 37 } }]);
});
