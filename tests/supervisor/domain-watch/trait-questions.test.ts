import { readTraits, traitCommands } from '#supervisor/domain-watch/trait-answers.ts';
import { URI, uuidOf, watchScene } from '#support/supervisor/watch-scene.ts';

const [A, B] = [uuidOf('a'), uuidOf('b')];
const a = { domainName: 'a', uuid: A, usage: true, disks: true };
const b = { domainName: 'b', uuid: B, usage: false, disks: true };

test('the commands name each domain before they ask, and ask no QEMU', () => {
  expect(traitCommands([a, b])).toBe(
    [
      `echo "${A}\n"; dominfo --domain ${A}; domblklist --domain ${A} --details; echo "end\n"`,
      `echo "${B}\n"; domblklist --domain ${B} --details; echo "end\n"`,
    ].join('; '),
  );
});

/** As virsh 9.0.0 prints them with --quiet. */
const lines = [
  A,
  'Id:             1',
  'Name:           CPU(s):         9',
  `UUID:           ${A}`,
  'State:          running',
  'CPU(s):         2',
  'CPU time:       12.3s',
  'Max memory:     65536 KiB',
  ' file   cdrom    sda      /iso',
  ' file   disk     vda      /guest/diskimage1',
  'end',
  B,
  ' network   cdrom   sda   -',
  'end',
];

test('the answers give the processors, their use, and whether there is a disk', () => {
  expect([...readTraits([a, b], lines, [])]).toEqual([
    [A, { processors: 2, cpuSeconds: 12.3, hasDisk: true }],
    [B, { hasDisk: false }],
  ]);
});

test('a domain without disks is not told from one whose question has failed', () => {
  const failed = [A, 'CPU(s):         1', 'end', B, 'end'];
  expect([...readTraits([a, b], failed, ['error: failed to get domain'])]).toEqual([
    [A, { processors: 1 }],
    [B, {}],
  ]);
});

describe('the domain watch asks', () => {
  function scene() {
    const made = watchScene();
    const { watches, subscribe, connect, snapshotTwice } = made;
    subscribe();
    const none = (): undefined => undefined;
    const [ofA, ofB] = ['a', 'b'].map((domainName) =>
      watches.subscribe(URI, {
        domainName,
        libvirtAuthFile: undefined,
        ...{ take: none, takeAllUnanswered: none, takeDefinitionChange: none },
        ...{ takeUnanswered: none, takeBootOverride: none },
      }),
    );
    // Somebody has asked for their sensors.
    for (const one of [ofA, ofB]) one?.facts();
    connect();
    snapshotTwice(['a', 5], ['b', 1]);
    return { ...made, factsOfB: () => ofB?.facts() };
  }

  test('when all BMCs have started, and again what is due, in one virsh at a time', () => {
    const { watches, traits, clock, snapshot, factsOfB } = scene();
    expect(traits).toHaveLength(0);
    watches.beginSurveys();
    const first = traitCommands([
      { ...a, usage: false },
      { ...b, usage: true },
    ]);
    expect(traits.map(({ command }) => command.args)).toEqual([[first]]);
    clock.advance(2_000);
    snapshot(['a', 5], ['b', 1]);
    // libvirt owes the answer.
    expect(traits).toHaveLength(1);
    traits[0]?.prints(A, 'end', B, 'CPU(s):  1', 'CPU time:  1.0s', ' file   disk     vda      /x', 'end');
    traits[0]?.ends();
    expect(factsOfB()).toEqual({ hasDisk: true });
    clock.advance(4_000);
    snapshot(['a', 5], ['b', 1]);
    expect(traits).toHaveLength(1);
    clock.advance(8_000);
    snapshot(['a', 5], ['b', 1]);
    expect(traits.at(-1)?.command.args).toEqual([traitCommands([{ ...b, usage: true, disks: false }])]);
    traits.at(-1)?.prints(B, 'CPU(s):  1', 'CPU time:  2.2s', 'end');
    traits.at(-1)?.ends();
    expect(factsOfB()).toMatchObject({ hasDisk: true, cpuPercent: expect.closeTo(10) as number });
  });

  test('again for a domain that has started', () => {
    const { watches, traits, clock, stream, snapshot } = scene();
    watches.beginSurveys();
    traits[0]?.ends();
    stream().prints("event 'lifecycle' for domain 'a': Started Booted");
    clock.advance(1_000);
    snapshot(['a', 1], ['b', 1]);
    expect(traits).toHaveLength(2);
    expect(traits[1]?.command.args).toEqual([traitCommands([a])]);
  });

  test('for no domain that a worker is starting', () => {
    const { watches, traits, reportStart } = scene();
    reportStart('a', true);
    watches.beginSurveys();
    expect(traits.map(({ command }) => command.args)).toEqual([[traitCommands([{ ...b, usage: true }])]]);
  });
});
