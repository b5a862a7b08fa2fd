import { keptScene, KEPT_URI } from '#support/supervisor/kept-scene.ts';
import { keptInputs, keptStates, keptStep } from '#supervisor/kept-connections/kept-transitions.ts';

const FIRST = 'standing qemu+unix:///system?socket=…1';

test('one ssh is started for all BMCs, and stands when a virsh has got an answer by it', async () => {
  const { kept, use, masters, trials, told, master, settle, clock, logged } = keptScene();
  expect(kept.outlookOf(KEPT_URI)).toEqual({ outlook: 'coming' });
  use();
  use();
  await settle();
  expect(masters).toHaveLength(1);
  clock.advance(2_000);
  master().forwards();
  expect(trials[0]?.command).toMatchObject({ args: ['hostname'] });
  expect(told).toEqual(['coming', 'coming']);
  trials[0]?.prints('hv1');
  trials[0]?.ends();
  expect(told.slice(2)).toEqual([FIRST, FIRST]);
  expect(kept.describe()).toEqual([{ connectionUri: KEPT_URI, state: 'standing', seconds: 0, cause: null }]);
  expect(logged).toEqual([`info the kept connection to ${KEPT_URI} stands: its BMCs log in no more`]);
});

test('ssh ends with the last BMC, and is stopped with vbmcd', async () => {
  const { kept, use, stand, master, told } = keptScene();
  const leave = use();
  await stand();
  const leaveToo = use();
  leave();
  expect(master().isStopped).toBe(false);
  leaveToo();
  expect(master().isStopped).toBe(true);
  expect(kept.describe()).toEqual([]);
  use();
  await stand();
  await kept.close();
  expect(master().isStopped).toBe(true);
  expect(told.at(-1)).toBe('none');
});

test('one that has stood is made anew at once; one that fails is tried again later and later', async () => {
  const { use, stand, answer, master, masters, told, clock, kept, settle, logged } = keptScene();
  use();
  await stand();
  clock.advance(60_000);
  master().ended('the other host has closed the connection');
  expect(told.at(-1)).toBe('coming');
  await settle();
  expect(masters).toHaveLength(2);
  const pauses: number[] = [];
  for (let attempt = 0; attempt < 10; attempt += 1) {
    master().ended('Connection refused');
    // Nobody waits for an attempt that follows a failure.
    expect(told.at(-1)).toBe('none');
    const before = masters.length;
    let waitedMs = 0;
    while (masters.length === before) {
      clock.advance(50);
      waitedMs += 50;
      if (kept.describe()[0]?.state === 'connecting') await settle();
    }
    expect(told.at(-1)).toBe('none');
    pauses.push(waitedMs);
  }
  expect(pauses).toEqual([250, 500, 1_000, 2_000, 4_000, 8_000, 16_000, 30_000, 30_000, 30_000]);
  expect(kept.describe()[0]?.cause).toBe('Connection refused');
  expect(logged.filter((line) => line.includes('refused'))).toHaveLength(1);
  answer();
  expect(told.at(-1)).toMatch(/^standing .*…12$/);
});

test('one that is lost as soon as it stands is not tried again at once', async () => {
  const { use, stand, master, told, masters } = keptScene();
  use();
  await stand();
  master().ended('killed');
  expect(told.at(-1)).toBe('none');
  expect(masters).toHaveLength(1);
});

test('a way that leads nowhere is not used; a libvirt that refuses the user is reached', async () => {
  const { use, master, trials, told, settle, kept } = keptScene();
  use();
  await settle();
  master().forwards();
  trials[0]?.complains('error: failed to connect to the hypervisor');
  trials[0]?.complains('error: End of file while reading data: Input/output error');
  trials[0]?.ends('virsh ended with exit code 1');
  expect(told.at(-1)).toBe('none');
  expect(kept.describe()[0]?.cause).toContain("does not lead to libvirt's socket there: End of file");
  expect(master().isStopped).toBe(true);

  const other = keptScene();
  other.use();
  await other.settle();
  other.master().forwards();
  other.trials[0]?.complains('error: failed to connect to the hypervisor');
  other.trials[0]?.complains('error: authentication unavailable: no polkit agent available');
  other.trials[0]?.ends('virsh ended with exit code 1');
  expect(other.told.at(-1)).toBe(FIRST);
});

test('a login that takes too long is given up', async () => {
  const { use, clock, master, told, settle, kept } = keptScene();
  use();
  await settle();
  clock.advance(29_999);
  expect(told).toEqual(['coming']);
  clock.advance(1);
  expect(told.at(-1)).toBe('none');
  expect(master().isStopped).toBe(true);
  expect(kept.describe()[0]?.cause).toBe('no connection after 30 s');
});

test('a doubt is cleared by a virsh that gets an answer, and confirmed by one that does not', async () => {
  const { use, stand, clock, kept, trials, told, master } = keptScene();
  use();
  await stand();
  clock.advance(20_000);
  kept.doubt(KEPT_URI);
  kept.doubt(KEPT_URI);
  expect(trials).toHaveLength(2);
  trials[1]?.ends();
  expect(told.at(-1)).toBe(FIRST);
  const first = master();
  kept.doubt(KEPT_URI);
  trials[2]?.complains('error: Cannot recv data: Connection reset by peer');
  trials[2]?.ends('virsh ended with exit code 1');
  expect(first.isStopped).toBe(true);
  expect(told.at(-1)).toBe('coming');
});

test('a connection within this host is not kept', () => {
  const { kept, use, told, masters } = keptScene();
  expect(kept.outlookOf('qemu:///system')).toBeUndefined();
  use('qemu:///system');
  expect(told).toEqual(['none']);
  expect(masters).toHaveLength(0);
});

test('their number is bounded', () => {
  const { kept, use, told } = keptScene();
  for (let host = 0; host < 65; host += 1) use(`qemu+ssh://hv${host}/system`);
  expect(told.filter((word) => word === 'coming')).toHaveLength(64);
  expect(told.at(-1)).toBe('none');
  expect(kept.outlookOf('qemu+ssh://hv99/system')).toBeUndefined();
});

test.each(keptStates.flatMap((state) => keptInputs.map((input) => [state, input] as const)))(
  'in state %s input %s keeps what every state needs',
  (state, input) => {
    const { next, action } = keptStep(state, input);
    // ssh runs in these states, and in no others.
    const runs = (one: string): boolean => one === 'connecting' || one === 'standing';
    if (action === 'start') expect(next).toBe('connecting');
    if (action === 'stop') expect(runs(state)).toBe(true);
    if (runs(state) && !runs(next)) expect(action).toBe('stop');
    if (!runs(state) && runs(next)) expect(action).toBe('start');
    if (input === 'unwanted') expect(next).toBe('idle');
  },
);
