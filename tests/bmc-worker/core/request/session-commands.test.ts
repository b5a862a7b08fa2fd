import { closeSession, getDeviceId, setSessionPrivilegeLevel } from '@vbmc/ipmi-codec';
import { rawCommand } from '#support/raw-command.ts';
import {
  ask,
  completionCodeOf,
  handshake,
  login,
  newConsole,
  respondTo,
} from '#support/bmc/console-of-bmc.ts';
import { SimulatedBmc } from '#support/bmc/simulated-bmc.ts';

const levelNumbers = { user: 2, operator: 3, administrator: 4 } as const;

describe('Set Session Privilege Level', () => {
  test.each([
    ['administrator', 4, 0],
    ['administrator', 3, 0],
    ['administrator', 2, 0],
    ['operator', 4, 0x81],
    ['operator', 3, 0],
    ['user', 4, 0x81],
    ['user', 3, 0x81],
    ['user', 2, 0],
  ] as const)('as %s to %d answers %d', (as, privilegeLevel, code) => {
    const bmc = SimulatedBmc.started();
    const console = login(bmc, { as, level: 'user' });

    expect(completionCodeOf(bmc, console, setSessionPrivilegeLevel, { privilegeLevel })).toBe(code);
    // A refusal changes nothing, a success what it says.
    expect(respondTo(bmc, console, setSessionPrivilegeLevel, { privilegeLevel: 0 }).value).toEqual({
      privilegeLevel: code === 0 ? privilegeLevel : 2,
    });
  });

  test.each(Object.entries(levelNumbers))(
    'goes no higher than %s when RAKP asked for that',
    (level, number) => {
      const bmc = SimulatedBmc.started();
      const console = newConsole({ privilegeLevel: level as keyof typeof levelNumbers });
      handshake(bmc, console);

      for (const privilegeLevel of [2, 3, 4]) {
        expect(completionCodeOf(bmc, console, setSessionPrivilegeLevel, { privilegeLevel })).toBe(
          privilegeLevel <= number ? 0 : 0x81,
        );
      }
    },
  );

  test('goes no higher than Open Session asked for', () => {
    const bmc = SimulatedBmc.started();
    const console = newConsole();
    ask(bmc, console, console.openSessionRequest({ requestedMaximumPrivilegeLevel: 3 }));
    ask(bmc, console, console.rakpMessage1());
    ask(bmc, console, console.rakpMessage3());

    expect(completionCodeOf(bmc, console, setSessionPrivilegeLevel, { privilegeLevel: 3 })).toBe(0);
    expect(completionCodeOf(bmc, console, setSessionPrivilegeLevel, { privilegeLevel: 4 })).toBe(0x81);
  });

  test('goes down, and up again', () => {
    const bmc = SimulatedBmc.started();
    const console = login(bmc);
    for (const privilegeLevel of [2, 4, 3, 4]) {
      expect(respondTo(bmc, console, setSessionPrivilegeLevel, { privilegeLevel }).value).toEqual({
        privilegeLevel,
      });
    }
  });
});

describe('Close Session', () => {
  test('closes the own session, and answers before it is gone', () => {
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
  ] as const)('of somebody else as %s answers %d', (as, code) => {
    const bmc = SimulatedBmc.started();
    const other = login(bmc);
    const console = login(bmc, { as });

    expect(completionCodeOf(bmc, console, closeSession, { sessionId: other.managedSystemSessionId })).toBe(
      code,
    );
    expect(bmc.send(other.request(getDeviceId, undefined))).toHaveLength(code === 0 ? 0 : 1);
  });

  test.each([
    ['nobody’s', [0xef, 0xbe, 0xad, 0xde]],
    ['the null id', [0, 0, 0, 0]],
    ['the null id with a handle of nobody', [0, 0, 0, 0, 9]],
  ])('of %s answers 87h', (_, data) => {
    const bmc = SimulatedBmc.started();

    expect(completionCodeOf(bmc, login(bmc), rawCommand('app', 0x3c), Uint8Array.from(data))).toBe(0x87);
  });

  test('by its handle closes a session', () => {
    const bmc = SimulatedBmc.started();
    const other = login(bmc);
    const console = login(bmc);

    expect(completionCodeOf(bmc, console, closeSession, { sessionId: 0, sessionHandle: 1 })).toBe(0);
    expect(bmc.send(other.request(getDeviceId, undefined))).toEqual([]);
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
