/** A domain without a definition: gone when it stops, and at no moment told as off. */
import { getChassisStatus } from '@vbmc/ipmi-codec';
import { chassisOf } from '#support/clients/chassis.ts';
import { consoleTo } from '#support/clients/console-to.ts';
import { UdpConsole } from '#support/console/udp-console.ts';
import { startLab, type Lab } from '#lab/lab.ts';

const NAME = 'node-0';
const DOMAIN_NOT_FOUND = 0xcb;

let lab: Lab;
let definition: string;

beforeAll(async () => {
  lab = await startLab();
  const xml = await lab.libvirt.virsh('dumpxml', '--inactive', '--security-info', NAME);
  definition = lab.libvirt.directory.write('transient.xml', xml);
});
afterAll(async () => {
  await lab.stop();
});

/** Asks for the state, one time after the other, while `act` happens and until it is as `last`; the states told, in order. */
async function toldDuring(act: () => Promise<unknown>, last: 'on' | 'off' | number): Promise<unknown[]> {
  const session = await UdpConsole.connect(consoleTo(lab.bmc(0)));
  const told: unknown[] = [];
  const ask = async (): Promise<unknown> => {
    const { completionCode, value } = await session.request(getChassisStatus, undefined);
    const state = value === undefined ? completionCode : value.powerOn ? 'on' : 'off';
    if (told.at(-1) !== state) told.push(state);
    return state;
  };
  try {
    await ask();
    const acting = act();
    const deadline = Date.now() + 60_000;
    while ((await ask()) !== last && Date.now() < deadline);
    await acting;
    // A state that was told too early would come back.
    for (let times = 0; times < 15; times += 1) await ask();
  } finally {
    await session.close();
  }
  return told;
}

const beginnings: readonly (readonly [string, () => Promise<unknown>])[] = [
  [
    'undefined while it runs',
    async () => {
      await lab.libvirt.virsh('define', definition);
      await lab.libvirt.virsh('start', NAME);
      await lab.libvirt.virsh('undefine', NAME);
    },
  ],
  [
    'created without a definition',
    async () => {
      if ((await lab.libvirt.virsh('list', '--all', '--name')).includes(NAME))
        await lab.libvirt.virsh('undefine', NAME);
      await lab.libvirt.virsh('create', definition);
    },
  ],
];

describe.each(beginnings)('%s', (_how, begin) => {
  beforeEach(async () => {
    await begin();
    expect(await lab.libvirt.virsh('dominfo', NAME)).toMatch(/^Persistent: +no$/m);
  });

  test('power off: gone at once', async () => {
    const told = await toldDuring(() => chassisOf(lab.bmc(0)).control('powerDown'), DOMAIN_NOT_FOUND);
    expect(told).toEqual(['on', DOMAIN_NOT_FOUND]);
    expect(await chassisOf(lab.bmc(0)).control('powerDown')).toBe(DOMAIN_NOT_FOUND);
  });

  test('virsh destroy: gone', async () => {
    expect(await toldDuring(() => lab.libvirt.virsh('destroy', NAME), DOMAIN_NOT_FOUND)).toEqual([
      'on',
      DOMAIN_NOT_FOUND,
    ]);
  });
});

test('a domain that is renamed, and renamed back', async () => {
  await lab.libvirt.virsh('define', definition);
  expect(await toldDuring(() => lab.libvirt.virsh('domrename', NAME, 'other'), DOMAIN_NOT_FOUND)).toEqual([
    'off',
    DOMAIN_NOT_FOUND,
  ]);
  expect(await toldDuring(() => lab.libvirt.virsh('domrename', 'other', NAME), 'off')).toEqual([
    DOMAIN_NOT_FOUND,
    'off',
  ]);
});

test('a domain with a definition is off when it stops', async () => {
  await lab.libvirt.virsh('start', NAME);
  expect(await toldDuring(() => lab.libvirt.virsh('destroy', NAME), 'off')).toEqual(['on', 'off']);
});
