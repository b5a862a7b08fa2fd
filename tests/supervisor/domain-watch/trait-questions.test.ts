import { readTraits, traitCommands } from '#supervisor/domain-watch/trait-answers.ts';
import { URI, uuidOf, watchScene } from '#support/supervisor/watch-scene.ts';

const [A, B] = [uuidOf('a'), uuidOf('b')];

test('the commands name each domain before they ask', () => {
  expect(
    traitCommands([
      { uuid: A, isOn: true },
      { uuid: B, isOn: false },
    ]),
  ).toBe(
    [
      `echo "${A}\n"; vcpucount --domain ${A} --live --current; domblklist --domain ${A} --details; echo "end\n"`,
      `echo "${B}\n"; domblklist --domain ${B} --details; echo "end\n"`,
    ].join('; '),
  );
});

/** As virsh 9.0.0 prints them with --quiet. */
const lines = [
  A,
  '2',
  ' file   cdrom    sda      /iso',
  ' file   disk     vda      /guest/diskimage1',
  'end',
  B,
  ' network   cdrom   sda   -',
  'end',
];

test('the answers give the number of processors and whether there is a disk', () => {
  expect([...readTraits(lines, [])]).toEqual([
    [A, { processors: 2, hasDisk: true }],
    [B, { hasDisk: false }],
  ]);
});

test('a domain without disks is not told from one whose question has failed', () => {
  expect([...readTraits([A, 'end', B, '1', 'end'], ['error: failed to get domain'])]).toEqual([
    [A, {}],
    [B, { processors: 1 }],
  ]);
});

describe('the domain watch asks', () => {
  function scene() {
    const made = watchScene();
    const { watches, subscribe, connect, snapshotTwice } = made;
    subscribe();
    const none = (): undefined => undefined;
    const subscription = watches.subscribe(URI, {
      domainName: 'b',
      libvirtAuthFile: undefined,
      ...{ take: none, takeAllUnanswered: none, takeDefinitionChange: none },
      ...{ takeUnanswered: none, takeBootOverride: none },
    });
    connect();
    snapshotTwice(['a', 5], ['b', 1]);
    return { ...made, factsOfB: () => subscription.facts() };
  }

  test('when all BMCs have started, once, in one virsh', () => {
    const { watches, traits, clock, snapshot, factsOfB } = scene();
    expect(traits).toHaveLength(0);
    watches.beginSurveys();
    expect(traits.map(({ command }) => command.args)).toEqual([
      [
        traitCommands([
          { uuid: A, isOn: false },
          { uuid: B, isOn: true },
        ]),
      ],
    ]);
    clock.advance(30_000);
    snapshot(['a', 5], ['b', 1]);
    expect(traits).toHaveLength(1);
    traits[0]?.prints(A, 'end', B, '4', ' file   disk     vda      /x', 'end');
    traits[0]?.ends();
    expect(factsOfB()).toEqual({ hasDisk: true });
    clock.advance(30_000);
    snapshot(['a', 5], ['b', 1]);
    expect(traits).toHaveLength(1);
  });

  test('again for a domain that has started', () => {
    const { watches, traits, clock, stream, snapshot } = scene();
    watches.beginSurveys();
    traits[0]?.ends();
    stream().prints("event 'lifecycle' for domain 'a': Started Booted");
    clock.advance(1_000);
    snapshot(['a', 1], ['b', 1]);
    expect(traits).toHaveLength(2);
    expect(traits[1]?.command.args).toEqual([traitCommands([{ uuid: A, isOn: true }])]);
  });

  test('for no domain that a worker is starting', () => {
    const { watches, traits, reportStart } = scene();
    reportStart('a', true);
    watches.beginSurveys();
    expect(traits.map(({ command }) => command.args)).toEqual([[traitCommands([{ uuid: B, isOn: true }])]]);
  });
});
