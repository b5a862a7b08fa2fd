import { watchScene, type WatchScene } from '#support/supervisor/watch-scene.ts';

/** A watch that is up. */
function up(): WatchScene {
  const all = watchScene();
  for (const name of ['a', 'b']) all.subscribe(name);
  all.connect();
  all.snapshotTwice(['a', 1], ['b', 1]);
  return all;
}

function told({ logged }: WatchScene): readonly string[] {
  return logged.filter((line) => line.includes('virsh define')).map((line) => line.replace(/ \(.*/, ''));
}

const WAITS =
  'warn libvirt does not answer `virsh define` for domain b: it changes no definition while it owes an answer about';

test('a definition that waits is told once, with the domain that it waits for, and so is its end', () => {
  const all = up();
  all.report('a', 'domstate');
  for (let times = 0; times < 3; times += 1) {
    all.report('b', 'define');
    all.answer('b', 'running');
    all.clock.advance(1_000);
  }
  expect(told(all)).toEqual([`${WAITS} domain a`]);
  all.report('b');
  all.report('b');
  expect(told(all).slice(1)).toEqual(['info `virsh define` for domain b waits no longer, after 23 s']);
});

test('which domain it waits for may be unknown; the end of its BMC is an end too', () => {
  const all = watchScene();
  const leave = all.subscribe('b');
  all.report('b', 'define');
  expect(told(all)).toEqual([`${WAITS} some domain`]);
  leave();
  expect(told(all)).toHaveLength(2);
  all.subscribe('b');
  all.report('b', 'define');
  expect(told(all)).toHaveLength(3);
});
