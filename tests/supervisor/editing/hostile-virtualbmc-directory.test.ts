/** Root's verbs in a directory of VirtualBMC that another user owns, who wants root to write, remove or give away other files. */
import {
  chmodSync,
  chownSync,
  closeSync,
  existsSync,
  fstatSync,
  lstatSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { exchangeInALoop } from '#support/supervisor/exchange-in-a-loop.ts';
import { runVbmc, type Run } from '#support/supervisor/run-vbmc.ts';
import { virtualBmcConfig, virtualBmcPlace } from '#support/supervisor/virtualbmc-files.ts';
import { temporaryDirectory } from '#support/temporary-directory.ts';

const NOBODY = 65_534;
const RACE_MS = 1_000 * Number(process.env['RACE_SECONDS'] ?? 2);

/** What root owns, and another user must not reach through root. */
interface Prize {
  readonly directory: string;
  readonly config: string;
}

interface Hostile {
  readonly directory: string;
  /** The directory of BMC `x`. */
  readonly own: string;
  readonly prize: Prize;
  readonly run: (verb: string, ...argv: readonly string[]) => Promise<Run>;
}

/** A directory of user nobody that has the BMC `x`, and one of root's that has a `config`. */
function hostile(): Hostile {
  const { inventory, directory, write } = virtualBmcPlace();
  // The other user gets through, as through /home.
  chmodSync(dirname(directory), 0o755);
  const own = dirname(write('x', virtualBmcConfig('x', 6230, '', 'False')));
  for (const path of [directory, own, join(own, 'config')]) chownSync(path, NOBODY, NOBODY);
  const prize = join(temporaryDirectory(), 'prize');
  mkdirSync(prize, { mode: 0o755 });
  const config = join(prize, 'config');
  writeFileSync(config, virtualBmcConfig('x', 6230, '', 'False'), { mode: 0o600 });
  return {
    ...{ directory, own, prize: { directory: prize, config } },
    run: (verb, ...argv) =>
      runVbmc(['--run-dir', join(dirname(inventory), 'run'), verb, '--inventory', inventory, ...argv]),
  };
}

/** All that root's verbs could have changed. */
function stateOf({ directory, config }: Prize): unknown {
  const present = existsSync(config);
  const of = (path: string): unknown => {
    const { uid, gid, mode, ino } = statSync(path);
    return { uid, gid, mode, ino };
  };
  const text = present ? [of(config), readFileSync(config, 'utf8')] : [];
  return { directory: of(directory), names: readdirSync(directory), text };
}

const adding = ['--password', 'p', '--port', '6239', '--no-check'];

type Plant = (place: Hostile) => void;

const links: readonly (readonly [string, Plant])[] = [
  [
    'DIR/x',
    ({ own, prize }) => {
      rmSync(own, { recursive: true, force: true });
      symlinkSync(prize.directory, own);
    },
  ],
  [
    'DIR/x/config',
    ({ own, prize }) => {
      mkdirSync(own, { recursive: true });
      rmSync(join(own, 'config'), { force: true });
      symlinkSync(prize.config, join(own, 'config'));
    },
  ],
];

test('own links are followed, and a circle of them is told', async () => {
  const { inventory, directory, write } = virtualBmcPlace();
  const argv = ['--run-dir', join(dirname(inventory), 'run'), 'start', 'x', '--inventory', inventory];
  const own = dirname(write('x', virtualBmcConfig('x', 6230, '', 'False')));
  renameSync(own, join(dirname(directory), 'elsewhere'));
  symlinkSync('../elsewhere/', own);
  expect(await runVbmc(argv)).toMatchObject({ exitCode: 0 });
  expect(readFileSync(join(dirname(directory), 'elsewhere/config'), 'utf8')).toContain('active = True');
  rmSync(own);
  symlinkSync('y', own);
  symlinkSync('./x', join(directory, 'y'));
  expect((await runVbmc(argv)).problems).toContain('lead in a circle');
});

/** Only root may give files away, and be led to those of all others. */
if (process.getuid?.() === 0) {
  test.each(links)(
    'start, stop and import do not follow %s, and delete leaves what it leads to',
    async (_, plant) => {
      const place = hostile();
      plant(place);
      const before = stateOf(place.prize);
      for (const verb of ['start', 'stop', 'delete']) {
        await place.run(verb, 'x');
        expect(stateOf(place.prize)).toEqual(before);
      }
      plant(place);
      const imported = await place.run('import', 'virtualbmc', place.directory);
      expect(imported.problems).toContain('is a link, which another user may let lead anywhere');
    },
  );

  test('add does not write through DIR/NAME, nor through a link to a directory that is missing', async () => {
    const place = hostile();
    const { directory, prize } = place;
    rmSync(prize.config);
    const before = stateOf(prize);
    symlinkSync(prize.directory, join(directory, 'y'));
    symlinkSync(join(prize.directory, 'new'), join(directory, 'z'));
    for (const name of ['y', 'z']) {
      expect(await place.run('add', name, ...adding)).toMatchObject({ exitCode: 1 });
    }
    expect(stateOf(prize)).toEqual(before);
  });

  test('a link above DIR that another user owns is not followed either', async () => {
    const place = hostile();
    const { directory, prize } = place;
    const home = join(dirname(directory), 'home');
    mkdirSync(home);
    chownSync(home, NOBODY, NOBODY);
    symlinkSync(dirname(prize.directory), join(home, 'vbmc'));
    writeFileSync(join(dirname(directory), 'domains.ini'), `[vbmc]\nvirtualbmc_dir = ${home}/vbmc\n`);
    const before = stateOf(prize);
    for (const verb of ['start', 'delete']) {
      expect((await place.run(verb, 'prize')).exitCode).not.toBe(0);
      expect(stateOf(prize)).toEqual(before);
    }
    expect((await place.run('add', 'y', ...adding)).exitCode).not.toBe(0);
    expect(readdirSync(dirname(prize.directory))).toEqual(['prize']);
  });

  test("root's own links are followed, and what is made belongs to the owner of the directory", async () => {
    const place = hostile();
    const { directory } = place;
    renameSync(directory, `${directory}-moved`);
    symlinkSync(`${directory}-moved`, directory);
    expect(await place.run('add', 'y', ...adding)).toMatchObject({ exitCode: 0 });
    expect(await place.run('start', 'x', 'y')).toMatchObject({ exitCode: 0 });
    for (const path of ['y', 'y/config', 'x/config']) {
      expect(statSync(join(directory, path))).toMatchObject({ uid: NOBODY, gid: NOBODY });
    }
    expect(readFileSync(join(directory, 'y/config'), 'utf8')).toContain('active = True');
    expect(await place.run('delete', 'x', 'y')).toMatchObject({ exitCode: 0 });
    expect(readdirSync(directory)).toEqual([]);
  });

  test("a root's script may write files there, which start and delete edit", async () => {
    const place = hostile();
    for (const path of [place.own, join(place.own, 'config')]) chownSync(path, 0, 0);
    expect(await place.run('start', 'x')).toMatchObject({ exitCode: 0 });
    expect(statSync(join(place.own, 'config')).uid).toBe(0);
    expect(await place.run('delete', 'x')).toMatchObject({ exitCode: 0 });
    expect(existsSync(place.own)).toBe(false);
  });

  const races: readonly (readonly [string, (place: Hostile) => readonly [string, string]])[] = [
    [
      'DIR/x and a link',
      ({ own, prize }) => {
        symlinkSync(prize.directory, `${own}-link`);
        return [own, `${own}-link`];
      },
    ],
    [
      'DIR/x/config and a link',
      ({ own, prize }) => {
        symlinkSync(prize.config, join(own, 'link'));
        return [join(own, 'config'), join(own, 'link')];
      },
    ],
    [
      'DIR and a link',
      ({ directory, prize }) => {
        const above = dirname(directory);
        chownSync(above, NOBODY, NOBODY);
        mkdirSync(join(prize.directory, 'x'));
        writeFileSync(join(prize.directory, 'x/config'), virtualBmcConfig('x', 6230), { mode: 0o600 });
        symlinkSync(prize.directory, `${directory}-link`);
        return [directory, `${directory}-link`];
      },
    ],
  ];

  test.each(races)(
    'the owner exchanges %s in a loop and wins nothing',
    async (_, plant) => {
      const place = hostile();
      const exchanged = plant(place);
      const deep = join(place.prize.directory, 'x/config');
      const before = stateOf(place.prize);
      const deepBefore = existsSync(deep) && statSync(deep).ino;
      const stop = await exchangeInALoop(...exchanged, NOBODY);
      const end = performance.now() + RACE_MS;
      let rounds = 0;
      const outcomes = new Set<number>();
      try {
        while (performance.now() < end) {
          for (const [verb, ...argv] of [
            ['start', 'x'],
            ['stop', 'x'],
            ['add', 'y', ...adding],
            ['delete', 'y'],
          ]) {
            outcomes.add((await place.run(verb ?? '', ...argv)).exitCode);
          }
          rounds += 1;
        }
      } finally {
        await stop();
      }
      expect(rounds).toBeGreaterThan(0);
      expect(outcomes).toContain(0);
      expect(stateOf(place.prize)).toEqual(before);
      expect(existsSync(deep) && statSync(deep).ino).toBe(deepBefore);
    },
    RACE_MS + 20_000,
  );

  test(
    "no text of its owner's gets into a file of root's, which would count as root's",
    async () => {
      const { own, run } = hostile();
      const [config, rooted] = [join(own, 'config'), join(own, 'rooted')];
      const stop = await exchangeInALoop(config, rooted, NOBODY);
      const end = performance.now() + RACE_MS;
      const mixed: string[] = [];
      try {
        while (performance.now() < end) {
          // Anew each time: an edit overwrites one of them.
          writeFileSync(`${own}-new`, virtualBmcConfig('x', 6230, 'note = theirs', 'False'));
          chownSync(`${own}-new`, NOBODY, NOBODY);
          renameSync(`${own}-new`, config);
          writeFileSync(`${own}-new`, virtualBmcConfig('x', 6230, "note = root's", 'False'));
          renameSync(`${own}-new`, rooted);
          await run('start', 'x');
          for (const name of readdirSync(own)) {
            const file = openSync(join(own, name), 'r');
            const text = readFileSync(file, 'utf8');
            if (fstatSync(file).uid === 0 && text.includes('theirs')) mixed.push(text);
            closeSync(file);
          }
        }
      } finally {
        await stop();
      }
      expect(mixed).toEqual([]);
    },
    RACE_MS + 20_000,
  );

  test(
    "a directory of root's that its owner puts where add makes one is not given away",
    async () => {
      const place = hostile();
      const [filled, wanted] = [join(place.directory, 'filled'), join(place.directory, 'y')];
      mkdirSync(filled);
      writeFileSync(join(filled, 'secret'), 'x');
      const stop = await exchangeInALoop(filled, wanted, NOBODY);
      const end = performance.now() + RACE_MS;
      try {
        while (performance.now() < end) {
          await place.run('add', 'y', ...adding);
          await place.run('delete', 'y');
        }
      } finally {
        await stop();
      }
      const found = [filled, wanted].find((path) => existsSync(join(path, 'secret'))) ?? '';
      expect(lstatSync(found).uid).toBe(0);
    },
    RACE_MS + 20_000,
  );
}
