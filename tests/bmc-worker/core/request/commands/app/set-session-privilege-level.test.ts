import { setSessionPrivilegeLevel } from '@vbmc/ipmi-codec';
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
    // A refusal changes nothing; after a success the new level reads back.
    expect(respondTo(bmc, console, setSessionPrivilegeLevel, { privilegeLevel: 0 }).value).toEqual({
      privilegeLevel: code === 0 ? privilegeLevel : 2,
    });
  });

  test.each(Object.entries(levelNumbers))(
    'goes no higher than %s when RAKP requested that',
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

  test('goes no higher than Open Session requested', () => {
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
