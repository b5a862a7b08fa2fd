import { closeSession, getDeviceId } from '@vbmc/ipmi-codec';
import { rawCommand } from '#support/console/raw-command.ts';
import { ask, completionCodeOf, login, newConsole } from '#support/bmc/console-of-bmc.ts';
import { SimulatedBmc } from '#support/bmc/simulated-bmc.ts';

describe('Close Session', () => {
  test('closes its own session, and answers first', () => {
    const bmc = SimulatedBmc.started();
    const console = login(bmc);

    expect(completionCodeOf(bmc, console, closeSession, { sessionId: console.managedSystemSessionId })).toBe(
      0,
    );
    expect(bmc.send(console.request(getDeviceId, undefined))).toEqual([]);
  });

  test.each([
    ['administrator', 0],
    ['operator', 0xd4],
    ['user', 0xd4],
    ['callback', 0xd4],
  ] as const)('of another user, as %s, answers %d', (as, code) => {
    const bmc = SimulatedBmc.started();
    const other = login(bmc);
    const console = login(bmc, { as });

    expect(completionCodeOf(bmc, console, closeSession, { sessionId: other.managedSystemSessionId })).toBe(
      code,
    );
    expect(bmc.send(other.request(getDeviceId, undefined))).toHaveLength(code === 0 ? 0 : 1);
  });

  test.each([
    ['an unknown id', [0xef, 0xbe, 0xad, 0xde]],
    ['the null id', [0, 0, 0, 0]],
    ['an unknown handle', [0, 0, 0, 0, 9]],
  ])('of %s answers 87h, or 88h for a handle', (_, data) => {
    const bmc = SimulatedBmc.started();

    expect(completionCodeOf(bmc, login(bmc), rawCommand('app', 0x3c), Uint8Array.from(data))).toBe(
      data.length === 5 ? 0x88 : 0x87,
    );
  });

  test('by its handle closes a session', () => {
    const bmc = SimulatedBmc.started();
    const other = login(bmc);
    const console = login(bmc);

    expect(completionCodeOf(bmc, console, closeSession, { sessionId: 0, sessionHandle: 1 })).toBe(0);
    expect(bmc.send(other.request(getDeviceId, undefined))).toEqual([]);
    expect(bmc.eventsOf('sessionClosed')).toMatchObject([{ cause: 'closedByAdministrator' }]);
    expect(completionCodeOf(bmc, console, getDeviceId, undefined)).toBe(0);
  });

  test('of a half-open session answers 87h', () => {
    const bmc = SimulatedBmc.started();
    const console = login(bmc);
    const halfOpen = newConsole();
    ask(bmc, halfOpen, halfOpen.openSessionRequest());

    expect(completionCodeOf(bmc, console, closeSession, { sessionId: halfOpen.managedSystemSessionId })).toBe(
      0x87,
    );
  });

  test('by the remote console’s own id answers 87h', () => {
    const bmc = SimulatedBmc.started();
    const console = login(bmc);

    expect(completionCodeOf(bmc, console, closeSession, { sessionId: console.remoteConsoleSessionId })).toBe(
      0x87,
    );
  });
});
