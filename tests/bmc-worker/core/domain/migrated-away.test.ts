/** A domain that libvirt has migrated to another host: this BMC does not call it off. */
import { getChassisStatus } from '@vbmc/ipmi-codec';
import { completionCodeOf, login, readOnly, respondTo } from '#support/bmc/console-of-bmc.ts';
import { SimulatedBmc } from '#support/bmc/simulated-bmc.ts';

const NOT_IN_PRESENT_STATE = 0xd5;

test('Get Chassis Status is refused, from memory', () => {
  const bmc = SimulatedBmc.started();
  const console = login(bmc);
  bmc.reportState('running');
  bmc.reportState('migratedAway');
  expect(completionCodeOf(bmc, console, getChassisStatus, undefined)).toBe(NOT_IN_PRESENT_STATE);
  expect(bmc.underWay()).toEqual([]);
  // It is started here again, or comes back.
  bmc.reportState('running', 'started');
  expect(respondTo(bmc, console, getChassisStatus, undefined).value).toMatchObject({ powerOn: true });
});

test('and from what virsh says', () => {
  const bmc = SimulatedBmc.started();
  const console = login(bmc);
  bmc.send(console.request(getChassisStatus, undefined));
  const sent = bmc.finish('readDomainState', { ok: true, facts: { domainState: 'migratedAway' } });
  expect(readOnly(console, sent)).toMatchObject({ completionCode: NOT_IN_PRESENT_STATE });
});
