import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import * as rules from '#support/architecture-rules.ts';
import { sourceModule, sourceTree } from '#support/source-tree.ts';

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
