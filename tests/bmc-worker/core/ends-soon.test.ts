/** A process that ends when the changes under way have ended: who waits gets the answer, and nothing else begins. */
import { chassisControlCommand, getChassisStatus, type ChassisControl } from '@vbmc/ipmi-codec';
import type { DomainActionOutcome } from '#worker/core/terms/domain-action.ts';
import { completionCodeOf, login, newConsole, readOnly } from '#support/bmc/console-of-bmc.ts';
import { SimulatedBmc, UUID } from '#support/bmc/simulated-bmc.ts';
import type { RemoteConsole } from '#support/console/remote-console.ts';

const NODE_BUSY = 0xc0;
const isOn: DomainActionOutcome = { ok: true, facts: { domainState: 'running' } };

function control(console: RemoteConsole, chassisControl: ChassisControl): Uint8Array {
  return console.request(chassisControlCommand, { chassisControl });
}

function cycling() {
  const bmc = SimulatedBmc.started();
  bmc.reportState('running');
  const [first, second] = [login(bmc), login(bmc)];
  const request = control(first, 'powerCycle');
  bmc.send(request);
  bmc.handle({ type: 'endsSoon' });
  return { bmc, first, second, request };
}

test.each(['powerDown', 'powerUp', 'powerCycle', 'hardReset'] as const)(
  'another client gets C0h for %s, and the change under way goes on',
  (chassisControl) => {
    const { bmc, first, second } = cycling();
    expect(completionCodeOf(bmc, second, chassisControlCommand, { chassisControl })).toBe(NODE_BUSY);
    expect(bmc.calledOff).toEqual([]);
    expect(bmc.asked('chassisControl')).toBe(1);
    expect(bmc.eventsOf('changeRefused')).toHaveLength(1);
    expect(readOnly(first, bmc.finish('chassisControl', isOn))).toMatchObject({ completionCode: 0 });
  },
);

test('a change that comes after the last one has ended gets C0h too', () => {
  const { bmc, second } = cycling();
  bmc.finish('chassisControl', isOn);
  expect(completionCodeOf(bmc, second, chassisControlCommand, { chassisControl: 'powerDown' })).toBe(
    NODE_BUSY,
  );
  expect(bmc.eventsOf('changeRefused')).toEqual([]);
});

test('a retransmission, and the same request with a new number, wait for the one answer', () => {
  const { bmc, first, request } = cycling();
  expect(bmc.send(first.retransmit())).toEqual([]);
  expect(bmc.send(request)).toEqual([]);
  expect(bmc.send(control(first, 'powerCycle'))).toEqual([]);
  expect(bmc.finish('chassisControl', isOn)).toHaveLength(2);
  expect(bmc.asked('chassisControl')).toBe(1);
});

test('questions are answered, and nobody logs in', () => {
  const { bmc, second } = cycling();
  expect(completionCodeOf(bmc, second, getChassisStatus, undefined)).toBe(0);
  expect(bmc.send(newConsole().openSessionRequest())).toEqual([]);
});

test('the BMC begins no change of its own', () => {
  const { bmc } = cycling();
  bmc.handle({ type: 'powerUp', cause: 'power restore policy' });
  bmc.handle({
    type: 'finishStart',
    start: { description: 'power cycle', user: 'u', source: 's', uuid: UUID },
  });
  bmc.handle({ type: 'definitionChanged' });
  bmc.finish('chassisControl', isOn);
  bmc.advance(60_000);
  expect(bmc.underWay().filter(({ action }) => action.kind !== 'readDomainState')).toEqual([]);
});
