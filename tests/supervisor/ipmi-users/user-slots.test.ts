import {
  changed,
  isComplete,
  placed,
  readSlots,
  type UserChange,
} from '#supervisor/ipmi-users/user-slots.ts';
import type { BmcUser, BmcUserSlot } from '@vbmc/bmc-worker/ipc';

const fixed: BmcUser[] = [{ name: 'admin', password: 'secret', privilege: 'administrator' }];
const by = { user: 'admin', source: '192.0.2.1:4000' };
function hex(text: string): string {
  return Buffer.from(text).toString('hex');
}

function after(
  slots: readonly BmcUserSlot[],
  ...changes: Omit<UserChange, 'user' | 'source'>[]
): readonly BmcUserSlot[] {
  return changes.reduce((present, change) => {
    const next = changed(present, { ...by, ...change }, fixed);
    if (typeof next === 'string') throw new Error(next);
    return next;
  }, slots);
}
function refusal(change: Omit<UserChange, 'user' | 'source'>, slots: readonly BmcUserSlot[] = []): unknown {
  return changed(slots, { ...by, ...change }, fixed);
}

test('a user is complete with name, password, level and when enabled, in any order', () => {
  const steps: Omit<UserChange, 'user' | 'source'>[] = [
    { slot: 3, name: hex('maas') },
    { slot: 3, password: hex('pw'), passwordSize: '20' },
    { slot: 3, privilegeLimit: 'operator' },
    { slot: 3, isEnabled: 'yes' },
  ];
  for (let turn = 0; turn < steps.length; turn += 1) {
    const order = [...steps.slice(turn), ...steps.slice(0, turn)];
    for (let count = 1; count <= steps.length; count += 1)
      expect(after([], ...order.slice(0, count)).map(isComplete)).toEqual([count === steps.length]);
  }
  expect(after([], ...steps)).toEqual([
    {
      ...{
        id: 3,
        name: hex('maas'),
        password: hex('pw'),
        passwordSize: 20,
        isEnabled: true,
        mayUseSol: true,
      },
      ...{ ipmiMessaging: true, linkAuthentication: false, privilegeLimit: 'operator' },
    },
  ]);
});

test('a user whose name is removed is gone, with password and level', () => {
  const made = after([], { slot: 3, name: hex('maas'), password: hex('pw') });
  expect(after(made, { slot: 3, name: '' })).toEqual([]);
});

test.each([
  ['the id of nobody', { slot: 1, name: hex('x') }],
  ['an id of the inventory', { slot: 2, password: hex('x') }],
  ['an id that is none', { slot: 11, name: hex('x') }],
  ['a name of the inventory', { slot: 3, name: hex('admin') }],
  ['a name of another one', { slot: 3, name: hex('other') }],
  ['a name of 17 bytes', { slot: 3, name: hex('x'.repeat(17)) }],
  ['a name with a line break', { slot: 3, name: hex('a\nb') }],
  ['a name that is no hex', { slot: 3, name: 'maas' }],
  ['a password of 21 bytes', { slot: 3, password: hex('x'.repeat(21)) }],
] as const)('%s is refused', (_, change) => {
  expect(refusal(change, after([], { slot: 4, name: hex('other') }))).toEqual(expect.any(String));
});

test('users of the inventory push others to free ids, and out when there is none', () => {
  const slots = after([], { slot: 3, name: hex('a') }, { slot: 4, name: hex('b') });
  expect(placed(slots, 1).slots.map(({ id }) => id)).toEqual([3, 4]);
  expect(placed(slots, 2).slots.map(({ id, name }) => [id, name])).toEqual([
    [4, hex('b')],
    [5, hex('a')],
  ]);
  expect(placed(slots, 8).slots.map(({ id, name }) => [id, name])).toEqual([[10, hex('a')]]);
  expect(placed(slots, 9)).toEqual({ slots: [], waiting: slots });
});

test('what is stored is read again, and nothing else', () => {
  const slots = after([], { slot: 3, name: hex('maas') }, { slot: 10, password: hex('pw') });
  expect(readSlots(JSON.parse(JSON.stringify(slots)))).toEqual(slots);
  for (const value of [
    {},
    [{}],
    [...slots, ...slots],
    [{ ...slots[0], id: 1 }],
    [{ ...slots[0], name: '0a' }],
  ])
    expect(readSlots(value)).toBeUndefined();
});
