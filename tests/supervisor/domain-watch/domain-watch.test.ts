import type { ScriptedVirsh } from '#support/supervisor/scripted-virsh.ts';
import { URI, uuidOf, watchScene as scene } from '#support/supervisor/watch-scene.ts';

const STARTED = "event 'lifecycle' for domain 'a': Started Booted";
const STOPPED = "event 'lifecycle' for domain 'a': Stopped Destroyed";

test('stream first, snapshot when the stream has had time to subscribe, states when both have succeeded', () => {
  const { clock, stream, snapshots, published, subscribe, snapshot, logged } = scene();
  subscribe();
  expect(stream().command).toEqual({
    connectionUri: URI,
    libvirtAuthFile: undefined,
    args: ['hostname; hostname; event --loop --all'],
  });
  clock.advance(20_000);
  expect(snapshots).toHaveLength(0);
  stream().prints('host');
  clock.advance(10);
  stream().prints('host');
  // 100 ms and 64 round trips of 10 ms.
  clock.advance(739);
  expect(snapshots).toHaveLength(0);
  clock.advance(1);
  expect(snapshots[0]?.command.args).toEqual([
    'list --all --uuid --name; list --transient --uuid; domstats --state --raw',
  ]);
  snapshot(['a', 5], ['b', 1]);
  expect(published).toEqual([]);
  clock.advance(2_000);
  // Something happens in the middle of the second snapshot, which has not seen it.
  stream().prints(STARTED);
  expect(published).toEqual([]);
  snapshot(['a', 5], ['b', 1]);
  expect(published).toEqual(['a running', 'a running started']);
  expect(logged).toEqual([`info domain watch of ${URI} is up: 2 domains`]);
});

test('a second snapshot finds what the stream missed while it subscribed', () => {
  const { clock, published, subscribe, connect, snapshot, snapshots } = scene();
  subscribe();
  connect();
  snapshot(['a', 5]);
  clock.advance(2_000);
  expect(snapshots).toHaveLength(2);
  expect(published).toEqual([]);
  snapshot(['a', 1]);
  expect(published).toEqual(['a running']);
});

test('an event is published at once; a snapshot within a second confirms or corrects it', () => {
  const { clock, stream, published, up, snapshot, snapshots } = scene();
  up();
  stream().prints(STARTED, "event 'rtc-change' for domain 'a': 3", 'garbage', STOPPED);
  expect(published).toEqual(['a running started', 'a shutOff']);
  clock.advance(1_000);
  expect(snapshots).toHaveLength(1);
  snapshot();
  expect(published.slice(2)).toEqual(['a unknown']);
});

test('a state comes with the moment at which libvirt was asked; what an event says is published again once that is confirmed', () => {
  const { clock, stream, published, askedAt, up, snapshot } = scene();
  up();
  const published0 = published.length;
  stream().prints(STARTED);
  expect(askedAt.at(-1)).toBeUndefined();
  clock.advance(1_000);
  const snapshotAt = clock.now();
  clock.advance(300);
  snapshot(['a', 1]);
  expect(published.slice(published0)).toEqual(['a running started', 'a running']);
  expect(askedAt.at(-1)).toBe(snapshotAt);
  clock.advance(2_000);
  snapshot(['a', 1]);
  expect(published).toHaveLength(published0 + 2);
});

test('without events a snapshot every 30 s, after which the unchanged state is published again', () => {
  const { clock, published, up, snapshot, snapshots } = scene();
  up();
  clock.advance(29_999);
  expect(snapshots).toHaveLength(0);
  clock.advance(1);
  snapshot(['a', 5]);
  expect(published).toEqual(['a shutOff']);
});

test('a steady stream of events does not postpone the snapshot, and events are not confirmed one by one', () => {
  const { clock, stream, up, snapshot, snapshots } = scene();
  up();
  for (let tenth = 0; tenth < 50; tenth += 1) {
    stream().prints(tenth % 2 === 0 ? STARTED : STOPPED);
    clock.advance(100);
    if (snapshots.at(-1)?.runs === true) snapshot(['a', 5]);
  }
  expect(snapshots.length).toBeGreaterThanOrEqual(4);
  expect(snapshots.length).toBeLessThanOrEqual(6);
});

const losses: readonly [what: string, lose: (virsh: ScriptedVirsh) => void, cause: string][] = [
  [
    'ends',
    (virsh) => {
      virsh.ends();
    },
    'virsh ended',
  ],
  [
    'is killed',
    (virsh) => {
      virsh.ends('virsh ended by SIGKILL');
    },
    'virsh ended by SIGKILL',
  ],
  [
    'loses its connection',
    (virsh) => {
      virsh.complains('error: Disconnected from qemu:///system due to end of file');
    },
    'Disconnected from qemu:///system due to end of file',
  ],
  [
    'floods',
    (virsh) => {
      virsh.prints(...new Array<string>(20_000).fill('y'));
    },
    'virsh printed more than 10000 lines in a second',
  ],
];

test.each(losses)(
  'a stream that %s: the states are published as unknown, and the stream is restarted',
  (_what, lose, cause) => {
    const { clock, stream, streams, published, up, connect, snapshotTwice, logged } = scene();
    up();
    const first = stream();
    lose(first);
    expect(first.runs).toBe(false);
    expect(published).toEqual(['a unknown']);
    expect(logged.at(-1)).toBe(
      `warn domain watch of ${URI} is down: ${cause} (until it is up again every BMC asks virsh itself)`,
    );
    clock.advance(249);
    expect(streams).toHaveLength(1);
    clock.advance(1);
    expect(streams).toHaveLength(2);
    connect();
    snapshotTwice(['a', 1]);
    expect(published).toEqual(['a unknown', 'a running']);
  },
);

test.each([
  [
    'fails',
    ({ latestSnapshot }: ReturnType<typeof scene>) => {
      latestSnapshot().complains('error: oh');
      latestSnapshot().ends('virsh ended with exit code 1');
    },
    'oh',
  ],
  [
    'is garbage',
    ({ latestSnapshot }: ReturnType<typeof scene>) => {
      latestSnapshot().prints('runn');
      latestSnapshot().ends();
    },
    'the output of virsh domstats is unreadable',
  ],
])('a snapshot that %s ends the watch, which is started again', (_what, spoil, cause) => {
  const all = scene();
  const { clock, stream, latestSnapshot, published, up, logged, streams } = all;
  up();
  clock.advance(30_000);
  const [oldStream, oldSnapshot] = [stream(), latestSnapshot()];
  spoil(all);
  expect([oldStream.runs, oldSnapshot.runs]).toEqual([false, false]);
  expect(published).toEqual(['a unknown']);
  expect(logged.at(-1)).toContain(`is down: ${cause}`);
  clock.advance(250);
  expect(streams).toHaveLength(2);
});

test('a connection that never succeeds is retried with growing pauses, and logged once', () => {
  const { clock, streams, subscribe, logged, published } = scene();
  subscribe();
  clock.advance(30_000 + 250 + 60_000 + 500 + 120_000);
  expect(streams).toHaveLength(3);
  expect(streams.filter(({ runs }) => runs)).toHaveLength(0);
  clock.advance(3_600_000);
  // Each keeps a client of libvirtd.
  expect(streams.length).toBeLessThan(20);
  expect(logged[0]).toContain('no connection after 30 s');
  expect(logged.at(-1)).toContain('no connection after 300 s');
  expect(logged).toHaveLength(5);
  expect(published).toEqual([]);
});

test('one stream serves all BMCs of a connection, and ends with the last', () => {
  const { streams, stream, published, subscribe, connect, snapshotTwice, clock, watches } = scene();
  const leave = subscribe();
  const leaveOther = subscribe('b');
  connect();
  snapshotTwice(['a', 5], ['b', 3]);
  expect(published).toEqual(['a shutOff', 'b paused']);
  const leaveLate = subscribe('b');
  expect(published.slice(2)).toEqual(['b paused']);
  leave();
  leaveOther();
  stream().prints(STARTED, "event 'reboot' for domain 'b'");
  expect(published.slice(3)).toEqual(['b paused rebooted']);
  expect(streams).toHaveLength(1);
  leaveLate();
  expect(stream().killed).toBe(true);
  expect(clock.pendingTimers).toBe(0);
  expect(watches.describe()).toEqual([]);
});

test('if the credentials of one BMC fail, those of another are tried', () => {
  const { clock, streams, stream, subscribe } = scene();
  subscribe('a', '/run/auth/a');
  subscribe('b', '/run/auth/b');
  for (let times = 0; times < 3; times += 1) {
    stream().complains('error: authentication failed');
    clock.advance(15_000);
  }
  const used = streams.slice(1).map(({ command }) => command.libvirtAuthFile);
  expect(new Set(used)).toEqual(new Set(['/run/auth/a', '/run/auth/b']));
});

test('each subscriber gets the UUID of its domain', () => {
  const { uuids, subscribe, connect, snapshotTwice } = scene();
  for (const name of ['a', 'b', 'gone']) subscribe(name);
  connect();
  snapshotTwice(['a', 5], ['b', 1]);
  expect([...uuids]).toEqual([
    ['a', uuidOf('a')],
    ['b', uuidOf('b')],
  ]);
});
