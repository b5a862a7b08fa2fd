/** Changes of users that a worker asks for: stored first, then told, and in bounds. */
import { mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { IpmiUsers } from '#supervisor/ipmi-users/ipmi-users.ts';
import {
  deviceConfiguration,
  deviceLinkScene,
  type DeviceLinkScene,
} from '#support/supervisor/device-link-scene.ts';
import { VirtualClock } from '#support/supervisor/virtual-clock.ts';
import { temporaryDirectory } from '#support/temporary-directory.ts';

function hex(text: string): string {
  return Buffer.from(text).toString('hex');
}
const PASSWORD = 'hunter2 hunter2';
const by = { type: 'userChange', user: 'admin', source: '192.0.2.1:4000' } as const;
const nothing = { clock: new VirtualClock(), log: (): void => undefined, hasBmc: (): boolean => true };

async function opened(
  directory: string,
): Promise<{ readonly users: IpmiUsers; readonly scene: DeviceLinkScene }> {
  const users = await IpmiUsers.open(directory, nothing);
  const scene = deviceLinkScene(users);
  scene.link.open();
  return { users, scene };
}

test('a change is on disk, readable for nobody else, before the worker knows and its client is answered', async () => {
  const directory = temporaryDirectory();
  const { scene } = await opened(directory);
  await scene.link.users.change({ ...by, requestId: 1, slot: 3, name: hex('maas'), password: hex(PASSWORD) });
  const file = join(directory, 'users.json');
  expect(statSync(file).mode & 0o777).toBe(0o600);
  expect(readFileSync(file, 'utf8')).toContain(hex('maas'));
  expect(scene.sent).toMatchObject([
    { type: 'updateUsers', userSlots: [{ id: 3, name: hex('maas'), password: hex(PASSWORD) }] },
    { type: 'deviceAnswered', requestId: 1 },
  ]);
  expect(scene.sent[1]).not.toHaveProperty('failure');
  const again = await opened(directory);
  expect(again.scene.link.users.complete(deviceConfiguration).userSlots).toHaveLength(1);
});

test('users of a BMC that has left the inventory while vbmcd did not run are not for another one of its name', async () => {
  const directory = temporaryDirectory();
  const { scene } = await opened(directory);
  await scene.link.users.change({ ...by, requestId: 1, slot: 3, name: hex('maas'), password: hex(PASSWORD) });
  const { name, users } = deviceConfiguration;
  const next = await IpmiUsers.open(directory, { ...nothing, hasBmc: () => false });
  expect(next.slotsOf(name, users)).toEqual([]);
});

test('the log tells who has changed what, without the password', async () => {
  const { scene } = await opened(temporaryDirectory());
  await scene.link.users.change({ ...by, requestId: 1, slot: 3, name: hex('maas'), password: hex(PASSWORD) });
  expect(scene.log).toEqual([
    {
      message: 'user 3 "maas" by "admin" from 192.0.2.1:4000: name set, password set',
      event: 'userChangedByIpmi',
    },
  ]);
  expect(JSON.stringify(scene.log)).not.toContain(PASSWORD);
  expect(JSON.stringify(scene.log)).not.toContain(hex(PASSWORD));
});

test('a worker that was taken over makes no user while user_changes is no', async () => {
  const { scene, users } = await opened(temporaryDirectory());
  scene.configure({ userChanges: false });
  await scene.link.users.change({ ...by, requestId: 1, slot: 3, name: hex('backdoor') });
  expect(scene.sent).toEqual([{ type: 'deviceAnswered', requestId: 1, failure: 'user_changes is no' }]);
  expect(users.slotsOf('node-0', [])).toEqual([]);
});

test('thousands of changes are bounded, and told in one line', async () => {
  const { scene } = await opened(temporaryDirectory());
  const change = async (requestId: number): Promise<void> =>
    scene.link.users.change({ ...by, requestId, slot: 3, name: hex(`user-${requestId % 100}`) });
  await Promise.all(Array.from({ length: 5_000 }, async (_, at) => change(at)));
  const answers = scene.sent.filter(({ type }) => type === 'deviceAnswered');
  expect(answers).toHaveLength(5_000);
  expect(answers.filter((answer) => !('failure' in answer)).length).toBeLessThanOrEqual(8);
  expect(scene.log.length).toBeLessThanOrEqual(8);
  scene.clock.advance(60_000);
  await change(5_001);
  expect(scene.log.filter(({ event }) => event === 'userChangesRefused')).toHaveLength(1);
});

test('a file that cannot be understood is moved aside', async () => {
  const directory = temporaryDirectory();
  writeFileSync(join(directory, 'users.json'), '{"version":1,"bmcs":{"node-0":[{"id":1}]}}');
  const { users } = await opened(directory);
  expect(users.slotsOf('node-0', [])).toEqual([]);
  expect(statSync(join(directory, 'users.json.unreadable')).size).toBeGreaterThan(0);
});

test('an operator removes them', async () => {
  const directory = temporaryDirectory();
  const { users, scene } = await opened(directory);
  await scene.link.users.change({ ...by, requestId: 1, slot: 3, name: hex('maas') });
  expect(await scene.link.users.reset()).toBeUndefined();
  expect(users.slotsOf('node-0', [])).toEqual([]);
  expect(readFileSync(join(directory, 'users.json'), 'utf8')).not.toContain(hex('maas'));
});

test('a BMC that gets the name of a removed one does not get its users', async () => {
  const { users, scene } = await opened(temporaryDirectory());
  await scene.link.users.change({ ...by, requestId: 1, slot: 3, name: hex('maas') });
  users.bmcRemoved('node-0');
  expect(users.slotsOf('node-0', [])).toEqual([]);
});

test('what could not be stored is not so', async () => {
  const directory = temporaryDirectory();
  const { users, scene } = await opened(join(directory, 'state'));
  // A directory in the place of the file: not even root replaces it.
  mkdirSync(join(directory, 'state', 'users.json'), { recursive: true });
  await scene.link.users.change({ ...by, requestId: 1, slot: 3, name: hex('maas') });
  expect(scene.sent).toMatchObject([
    { type: 'deviceAnswered', requestId: 1, failure: expect.any(String) as string },
  ]);
  expect(users.slotsOf('node-0', [])).toEqual([]);
});

test('a user that waits for a free id outlives changes of others', async () => {
  const users = await IpmiUsers.open(temporaryDirectory(), nothing);
  const crowd = (count: number) =>
    Array.from({ length: count }, (_, index) => ({
      ...{ name: `u${index}`, password: 'x', privilege: 'user' },
    })) as unknown as typeof deviceConfiguration.users;
  await users.change('a', { slot: 3, name: hex('early'), user: '', source: '' }, crowd(1));
  await users.change('a', { slot: 10, name: hex('late'), user: '', source: '' }, crowd(1));
  // Id 10 is the only free one, and taken.
  await users.change('a', { slot: 10, isEnabled: 'yes', user: '', source: '' }, crowd(8));
  expect(users.slotsOf('a', crowd(8)).map(({ id }) => id)).toEqual([10]);
  expect(users.slotsOf('a', crowd(1)).map(({ id, name }) => [id, name])).toEqual([
    [3, hex('early')],
    [10, hex('late')],
  ]);
});

test('a change that is stored after its worker has ended is told to the next one', async () => {
  const { scene } = await opened(temporaryDirectory());
  const change = scene.link.users.change({ ...by, requestId: 1, slot: 3, name: hex('maas') });
  scene.link.users.workerGone();
  await change;
  expect(scene.sent).toMatchObject([{ type: 'updateUsers', userSlots: [{ id: 3, name: hex('maas') }] }]);
});
