import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import * as rules from '#support/architecture/rules.ts';
import { pureFiles } from '#support/pure-files.ts';
import { claimsOfPurityAreHeld, filesArePure } from '#support/architecture/purity-rule.ts';
import { sourceModule, sourceTree } from '#support/architecture/source-tree.ts';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const modules = sourceTree(ROOT, ['packages', 'tests', 'config']);

const CORE = 'packages/bmc-worker/src/core/x.ts';
const SHELL = 'packages/bmc-worker/src/shell/x.ts';
const SUPERVISOR = 'packages/supervisor/src/x.ts';

/** Each rule with files that it must notice, one violation each: a rule that notices nothing holds nothing. */
const cases: readonly [keyof typeof rules, readonly (readonly [string, string])[]][] = [
  [
    'codecIsPure',
    [
      ['packages/ipmi-codec/src/wire/x.ts', "import 'node:crypto';"],
      ['packages/ipmi-codec/src/sealing/x.ts', "import 'node:crypto';"],
      ['packages/ipmi-codec/src/crypto/x.ts', "export * from '@vbmc/supervisor';"],
      ['packages/ipmi-codec/src/index.ts', "import '../../bmc-worker/src/main.ts';"],
    ],
  ],
  [
    'coreImportsCodecOnly',
    [
      [CORE, "import type { Socket } from 'node:dgram';"],
      [CORE, "import '../shell/udp.ts';"],
      [CORE, "void import('execa');"],
    ],
  ],
  [
    'coreHasNoClock',
    [
      [CORE, 'setTimeout(f, 1);'],
      [CORE, 'const now = Date.now();'],
      [CORE, 'const x = Math.random();'],
      [CORE, 'console.log(1);'],
    ],
  ],
  [
    'supervisorCannotSpeakIpmi',
    [
      [SUPERVISOR, "import '@vbmc/ipmi-codec';"],
      [SUPERVISOR, "import '@vbmc/bmc-worker';"],
      [SUPERVISOR, "import '@vbmc/bmc-worker/libvirt/virsh';"],
    ],
  ],
  ['packagesKeepToThemselves', [[SUPERVISOR, "import '../../bmc-worker/src/ipc/protocol.ts';"]]],
  [
    'workerIsLean',
    [
      [SHELL, "import { z } from 'zod/v4';"],
      [SHELL, "void import('winston');"],
    ],
  ],
  [
    'testKindsKeepToThemselves',
    [
      ['tests/e2e/x.test.ts', "import '../acceptance/report.ts';"],
      ['tests/support/x.ts', "import '../bench/sizes.ts';"],
    ],
  ],
  ['packagesByName', [['tests/e2e/x.test.ts', "import '../../packages/supervisor/src/vbmc.ts';"]]],
  ['filesAreShort', [[SHELL, 'x;\n'.repeat(301)]]],
  [
    'namesSaySomething',
    [
      ['packages/supervisor/src/session-manager.ts', ''],
      ['tests/support/utils/x.ts', ''],
      ['packages/supervisor/src/workerProcess.ts', ''],
    ],
  ],
  ['noUnfinishedWork', [[SHELL, '// TODO: later']]],
  [
    'noSilencedChecks',
    [
      [SHELL, 'f(/* eslint-disable-line */ 1);'],
      [SHELL, '// @ts-ignore'],
    ],
  ],
  [
    'allTestsRun',
    [
      ['tests/x.test.ts', "it.only('x', f);"],
      ['tests/x.test.ts', "describe.each([1]).skip('x', f);"],
      ['tests/x.test.ts', "xit('x', f);"],
    ],
  ],
];

describe.each(cases)('%s', (name, violations) => {
  it('holds', () => {
    expect(rules[name](modules)).toEqual([]);
  });

  it.each(violations.map(([path, text]) => [`${text.slice(0, 40)} in ${path}`, path, text]))(
    'notices %s',
    (_what, path, text) => {
      expect(rules[name]([sourceModule(path, text)])).toHaveLength(1);
    },
  );
});

describe('oneImporterPerLibrary', () => {
  it('holds', () => {
    expect(rules.oneImporterPerLibrary(modules)).toEqual([]);
  });

  it('notices a second importer in the same package', () => {
    const first = sourceModule(SUPERVISOR, "import ini from 'ini';");
    const second = sourceModule('packages/supervisor/src/y.ts', "import ini from 'ini';");
    expect(rules.oneImporterPerLibrary([first, second])).toHaveLength(1);
    expect(rules.oneImporterPerLibrary([first, sourceModule(SHELL, "import ini from 'ini';")])).toEqual([]);
  });
});

describe('circles of imports', () => {
  const source = 'packages/supervisor/src/';

  it.each(['noFileCircles', 'noFolderCircles'] as const)('%s holds', (rule) => {
    expect(rules[rule](modules)).toEqual([]);
  });

  it('notices files that import each other', () => {
    const files = [
      sourceModule(`${source}fleet/x.ts`, "import './y.ts';"),
      sourceModule(`${source}fleet/y.ts`, "import type { X } from './x.ts';"),
    ];
    expect(rules.noFileCircles(files)).toHaveLength(1);
    expect(rules.noFolderCircles(files)).toEqual([]);
  });

  it('notices folders that import each other, whatever the files', () => {
    const files = [
      sourceModule(`${source}fleet/x.ts`, "import '../worker/x.ts';"),
      sourceModule(`${source}worker/y.ts`, "export type * from '../fleet/y.ts';"),
    ];
    expect(rules.noFileCircles(files)).toEqual([]);
    expect(rules.noFolderCircles(files)).toHaveLength(1);
  });
});

describe('the list of pure files', () => {
  const pure = 'packages/supervisor/src/worker/x.ts';

  it('holds', () => {
    expect(filesArePure(modules, pureFiles)).toEqual([]);
    expect(claimsOfPurityAreHeld(modules, pureFiles)).toEqual([]);
  });

  it.each([
    "import { readFileSync } from 'node:fs';",
    "import { connect, isIP } from 'node:net';",
    "import * as util from 'node:util';",
    "import 'node:fs';",
    "import net, { isIP } from 'node:net';",
    "import { parse } from 'yaml';",
    "import { fork } from './y.ts';",
    "export * from './y.ts';",
    "void import('ini');",
    'const now = Date.now();',
    'const now = new Date();',
    'setTimeout(f, 1);',
    'const pid = process.pid;',
    'const x = Math.random();',
  ])('notices %s', (text) => {
    expect(filesArePure([sourceModule(pure, text)], [pure])).toHaveLength(1);
  });

  it.each([
    "import type { Server } from 'node:http';",
    "import { type Fork } from './y.ts';",
    "import { isIP } from 'node:net';",
    "import { isDeepStrictEqual } from 'node:util';",
    "import { z } from 'zod';",
    "import { Session } from '../../../bmc-worker/src/core/session/session.ts';",
    'const text = new Date(now).toISOString();',
    'const options = { process: 1 };',
  ])('accepts %s', (text) => {
    expect(filesArePure([sourceModule(pure, text)], [pure])).toEqual([]);
  });

  it('accepts a value of another file in the list', () => {
    const other = sourceModule('packages/supervisor/src/worker/y.ts', 'export const x = 1;');
    const module = sourceModule(pure, "import { x } from './y.ts';");
    expect(filesArePure([module, other], [pure, other.path])).toEqual([]);
  });

  it('looks behind the index of a subpath', () => {
    const folder = 'packages/bmc-worker/src/libvirt';
    const index = sourceModule(
      `${folder}/index.ts`,
      "export { p } from './p.ts';export { i } from './i.ts';",
    );
    const importing = (name: string) =>
      sourceModule(pure, `import { ${name} } from '@vbmc/bmc-worker/libvirt';`);
    const list = [pure, `${folder}/p.ts`];
    const p = sourceModule(`${folder}/p.ts`, '');
    expect(filesArePure([importing('p'), index, p], list)).toEqual([]);
    expect(filesArePure([importing('i'), index, p], list)).toHaveLength(1);
  });

  it('notices a file that does not exist', () => {
    expect(filesArePure([], [pure])).toHaveLength(1);
  });

  it('notices a file outside the list whose comment says that it is pure', () => {
    const module = sourceModule(pure, '/**\n * Decides. Pure.\n */\nexport const x = 1;');
    expect(claimsOfPurityAreHeld([module], [])).toHaveLength(1);
    expect(claimsOfPurityAreHeld([module], [pure])).toEqual([]);
  });
});

describe('the tree', () => {
  it('is read', () => {
    const paths = modules.map(({ path }) => path);
    expect(paths).toContain('packages/ipmi-codec/src/index.ts');
    expect(paths).toContain('tests/architecture.test.ts');
  });

  it('has no dependency of the worker on zod or winston', () => {
    const manifest = readFileSync(`${ROOT}packages/bmc-worker/package.json`, 'utf8');
    expect(manifest).not.toMatch(/"(zod|winston)"/);
  });
});
