import { keptFollower } from '#supervisor/kept-connections/kept-follower.ts';
import { keptScene, KEPT_URI } from '#support/supervisor/kept-scene.ts';
import { scriptedVirsh } from '#support/supervisor/scripted-virsh.ts';

const command = {
  connectionUri: KEPT_URI,
  libvirtAuthFile: undefined,
  args: ['hostname; hostname; event --loop --all'],
};

function scene() {
  const all = keptScene();
  const { followVirsh, streams } = scriptedVirsh();
  const heard: string[] = [];
  const follow = keptFollower(followVirsh, all.kept);
  const listener = {
    line: (_stream: string, line: string) => heard.push(line),
    ended: (cause: string | undefined) => heard.push(`ended: ${cause ?? 'well'}`),
  };
  const start = (uri = KEPT_URI) => follow({ ...command, connectionUri: uri }, listener);
  return { ...all, streams, heard, start };
}

test('without a kept connection virsh starts at once, by its own URI', () => {
  const { start, streams } = scene();
  start('qemu:///system');
  expect(streams[0]?.command.connectionUri).toBe('qemu:///system');
});

test('while the connection is made virsh waits for it, and goes by it', async () => {
  const { start, streams, use, stand, heard } = scene();
  use();
  start();
  expect(streams).toHaveLength(0);
  await stand();
  await Promise.resolve();
  expect(streams[0]?.command.connectionUri).toContain('qemu+unix:///system?socket=');
  streams[0]?.prints('hv1');
  streams[0]?.ends('virsh ended by SIGTERM');
  expect(heard).toEqual(['hv1', 'ended: virsh ended by SIGTERM']);
});

test('a virsh that cannot connect by it connects by itself, and says why', async () => {
  const { start, streams, use, stand, heard, trials } = scene();
  use();
  await stand();
  start();
  streams[0]?.complains('error: failed to connect to the hypervisor');
  streams[0]?.complains('error: End of file while reading data: Input/output error');
  streams[0]?.ends('virsh ended with exit code 1');
  expect(heard).toEqual([]);
  expect(streams[1]?.command.connectionUri).toBe(KEPT_URI);
  streams[1]?.complains('error: no libvirt there');
  expect(heard).toEqual(['error: no libvirt there']);
  // And somebody looks whether the kept one is still of use.
  expect(trials).toHaveLength(2);
});

test('one that is killed while it waits is never started', async () => {
  const { start, streams, use, stand } = scene();
  use();
  start()();
  await stand();
  await Promise.resolve();
  expect(streams).toHaveLength(0);
});

test('the event stream has a new attempt made rather than log in by itself', async () => {
  const { start, use, settle, master, masters, streams, kept } = scene();
  use();
  await settle();
  master().ended('Connection refused');
  expect(kept.describe()[0]?.state).toBe('pausing');
  start();
  expect(kept.describe()[0]?.state).toBe('connecting');
  await settle();
  expect(masters).toHaveLength(2);
  expect(streams).toHaveLength(0);
  master().ended('Connection refused');
  await new Promise(setImmediate);
  expect(streams[0]?.command.connectionUri).toBe(KEPT_URI);
});
