/** What workers know of their domains after a start of vbmcd, and where they have it from. */
import { getSystemGuid } from '@vbmc/ipmi-codec';
import { startLabVbmcd, type LabVbmcd } from '#lab/vbmcd.ts';
import { waitFor } from '#support/wait-for.ts';
import { UdpConsole } from '#support/console/udp-console.ts';
import { chassisOf } from '#support/clients/chassis.ts';
import { consoleTo } from '#support/clients/console-to.ts';
import { startLab, type Lab } from '#lab/lab.ts';
import { showBmc } from '#support/clients/show-bmc.ts';

let lab: Lab;
let vbmcd: LabVbmcd;

beforeAll(async () => {
  lab = await startLab({ domains: 3 });
  expect(await chassisOf(lab.bmc(0)).setBootFlags(0xc0, 0x04)).toBe(0);
  expect(await chassisOf(lab.bmc(1)).setBootFlags(0x80, 0x04)).toBe(0);
  await lab.vbmcd.stop();
  vbmcd = await startLabVbmcd(lab.libvirt, [lab.bmc(0), lab.bmc(1), lab.bmc(2)]);
});
afterAll(async () => {
  await lab.stop();
});

/**
 * What the worker has asked libvirt itself. `vbmc list` has made it ask for the state before there was a watch, and `vbmc show`
 * for an image of the memory (`dominfo`).
 */
async function asked(index: number): Promise<readonly string[]> {
  const { virshCalls } = await showBmc({ ...lab, vbmcd }, `node-${index}`);
  return virshCalls.map(({ verb }) => verb).filter((verb) => verb !== 'domstate' && verb !== 'dominfo');
}

test('UUID and boot flags come from the supervisor; who may have booted from a one-shot looks itself', async () => {
  await waitFor('the look at the one-shot', async () => (await asked(1)).length > 0);
  const flags = await Promise.all([0, 1, 2].map((index) => chassisOf(lab.bmc(index)).bootFlags()));
  expect(flags.map(([valid, device]) => [valid, device])).toEqual([
    [0xc0, 0x04],
    [0x80, 0x04],
    [0, 0],
  ]);
  const session = await UdpConsole.connect(consoleTo(lab.bmc(2)));
  expect(await session.request(getSystemGuid, undefined)).toMatchObject({ completionCode: 0 });
  await session.close();
  expect(await Promise.all([0, 1, 2].map(asked))).toEqual([[], ['metadata', 'metadata'], []]);
});
