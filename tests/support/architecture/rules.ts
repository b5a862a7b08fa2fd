import { posix } from 'node:path';
import ts from 'typescript';
import { commentsOf, nodesOf, packageName, target, usesOfGlobals, type SourceModule } from './source-tree.ts';

/** Looks over the tree and names each file that breaks the rule, with the remedy. */
export type ArchitectureRule = (modules: readonly SourceModule[]) => string[];

const CODEC = 'packages/ipmi-codec/src/';
const CORE = 'packages/bmc-worker/src/core/';
const WORKER = 'packages/bmc-worker/';
const SUPERVISOR = 'packages/supervisor/';

function under(folder: string) {
  return ({ path }: SourceModule): boolean => path.startsWith(folder);
}

/** Each import that `allowed` does not take, as a violation. */
function forbiddenImports(
  modules: readonly SourceModule[],
  allowed: (specifier: string, module: SourceModule) => boolean,
  remedy: string,
): string[] {
  return modules.flatMap((module) =>
    module.specifiers
      .filter((specifier) => !allowed(specifier, module))
      .map((specifier) => `${module.path} imports ${specifier}: ${remedy}`),
  );
}

function staysUnder(folder: string, module: SourceModule, specifier: string): boolean {
  return target(module, specifier)?.startsWith(folder) ?? false;
}

export const codecIsPure: ArchitectureRule = (modules) =>
  forbiddenImports(
    modules.filter(under(CODEC)),
    (specifier, module) =>
      staysUnder(CODEC, module, specifier) ||
      (specifier === 'node:crypto' && module.path.startsWith(`${CODEC}crypto/`)),
    'the codec imports itself, and node:crypto in crypto/; pass anything else in as an argument',
  );

export const coreImportsCodecOnly: ArchitectureRule = (modules) =>
  forbiddenImports(
    modules.filter(under(CORE)),
    (specifier, module) => specifier === '@vbmc/ipmi-codec' || staysUnder(CORE, module, specifier),
    'core/ imports itself and @vbmc/ipmi-codec; return an effect and let shell/ or libvirt/ do it',
  );

const impure = new Set([
  ...['setTimeout', 'setInterval', 'setImmediate', 'clearTimeout', 'clearInterval', 'clearImmediate'],
  ...['queueMicrotask', 'Date', 'performance', 'console', 'process', 'globalThis', 'fetch', 'Buffer'],
]);

export const coreHasNoClock: ArchitectureRule = (modules) =>
  modules
    .filter(under(CORE))
    .flatMap((module) =>
      usesOfGlobals(module, impure).map(
        (node) =>
          `${module.path} uses ${node.getText(module.tree)}: in core/ time is the argument now, randomness a function passed in`,
      ),
    );

const sharedWithSupervisor: ReadonlySet<string> = new Set([
  '@vbmc/bmc-worker/ipc',
  '@vbmc/bmc-worker/libvirt',
]);

export const supervisorCannotSpeakIpmi: ArchitectureRule = (modules) =>
  forbiddenImports(
    modules.filter(under(SUPERVISOR)),
    (specifier) => !specifier.startsWith('@vbmc/') || sharedWithSupervisor.has(specifier),
    'the supervisor may import @vbmc/bmc-worker/ipc and @vbmc/bmc-worker/libvirt only; let a worker do it',
  );

export const packagesKeepToThemselves: ArchitectureRule = (modules) =>
  forbiddenImports(
    modules.filter(under('packages/')),
    (specifier, module) =>
      !specifier.startsWith('.') ||
      staysUnder(module.path.split('/').slice(0, 2).join('/') + '/', module, specifier),
    'name another workspace package by its name, so that its exports field holds what it gives away',
  );

export const workerIsLean: ArchitectureRule = (modules) =>
  forbiddenImports(
    modules.filter(under(WORKER)),
    (specifier) => !['zod', 'winston'].includes(packageName(specifier)),
    'zod and winston cost every worker megabytes; validate and log in the supervisor',
  );

function isThirdParty(specifier: string): boolean {
  return !/^(\.|node:|@vbmc\/)/.test(specifier);
}

export const oneImporterPerLibrary: ArchitectureRule = (modules) => {
  const importers = new Map<string, Set<string>>();
  for (const module of modules.filter(under('packages/'))) {
    const workspace = module.path.split('/').slice(0, 2).join('/');
    for (const specifier of module.specifiers.filter(isThirdParty)) {
      const key = `${workspace}: ${packageName(specifier)}`;
      importers.set(key, (importers.get(key) ?? new Set()).add(module.path));
    }
  }
  return [...importers]
    .filter(([, files]) => files.size > 1)
    .map(
      ([key, files]) =>
        `${key} is imported by ${[...files].join(', ')}: import it in one file and export what is needed`,
    );
};

/** One path through `graph` from each node that comes back to itself, as a list that ends where it began. */
function circlesIn(graph: ReadonlyMap<string, ReadonlySet<string>>): string[][] {
  const done = new Set<string>();
  const circles: string[][] = [];
  const visit = (node: string, path: readonly string[]): void => {
    const seenAt = path.indexOf(node);
    if (seenAt >= 0) circles.push([...path.slice(seenAt), node]);
    if (seenAt >= 0 || done.has(node)) return;
    for (const next of graph.get(node) ?? []) visit(next, [...path, node]);
    done.add(node);
  };
  for (const node of graph.keys()) visit(node, []);
  return circles;
}

/** The imports between files of the packages; `nameOf` says what counts as one node. */
function importGraph(
  modules: readonly SourceModule[],
  nameOf: (path: string) => string,
): ReadonlyMap<string, ReadonlySet<string>> {
  const graph = new Map<string, Set<string>>();
  for (const module of modules.filter(under('packages/'))) {
    const from = nameOf(module.path);
    const edges = graph.get(from) ?? new Set<string>();
    for (const specifier of module.specifiers) {
      const to = target(module, specifier);
      if (to !== undefined && (nameOf(to) !== from || to === module.path)) edges.add(nameOf(to));
    }
    graph.set(from, edges);
  }
  return graph;
}

export const noFileCircles: ArchitectureRule = (modules) =>
  circlesIn(importGraph(modules, (path) => path)).map(
    (circle) => `${circle.join(' imports ')}: move what both need into a file below them`,
  );

export const noFolderCircles: ArchitectureRule = (modules) =>
  circlesIn(importGraph(modules, (path) => posix.dirname(path))).map(
    (circle) => `${circle.join(' imports ')}: a folder imports only downwards; move the file that climbs`,
  );

const MAXIMUM_LINES = 300;

export const filesAreShort: ArchitectureRule = (modules) =>
  modules.flatMap(({ path, text }) => {
    const lines = text.trimEnd().split('\n').length;
    return lines > MAXIMUM_LINES ? [`${path} has ${lines} lines: over ${MAXIMUM_LINES}, make it two`] : [];
  });

const emptyNames = /(^|[-./])(managers?|helpers?|utils?|common|misc)([-./]|$)/;

export const namesSaySomething: ArchitectureRule = (modules) =>
  modules
    .filter(({ path }) => emptyNames.test(path) || !/^[a-z0-9./-]+$/.test(path))
    .map(
      ({ path }) =>
        `${path}: name it in kebab-case after what it does; manager, helper, utils, common, misc say nothing`,
    );

const unfinished = /\b(TODO|FIXME|XXX)\b/;
const silenced = /(eslint-disable|@ts-ignore|@ts-nocheck)/;

function forbiddenComments(modules: readonly SourceModule[], words: RegExp, remedy: string): string[] {
  return (
    modules
      // Few files have such a word at all; only theirs are worth telling comments from code.
      .filter(({ text }) => words.test(text))
      .flatMap((module) =>
        commentsOf(module).flatMap((comment) => {
          const found = words.exec(comment)?.[1];
          return found === undefined ? [] : [`${module.path} has ${found}: ${remedy}`];
        }),
      )
  );
}

export const noUnfinishedWork: ArchitectureRule = (modules) =>
  forbiddenComments(modules, unfinished, 'finish it, or open an issue and say so there');

export const noSilencedChecks: ArchitectureRule = (modules) =>
  forbiddenComments(
    modules,
    silenced,
    'obey the check, or change its settings for all (control characters in a pattern are \\p{Cc}, flag u)',
  );

/** What tests of every kind may import; `vectors/` holds recordings and what reads them. */
const sharedByTests = ['tests/support/', 'tests/lab/', 'tests/vectors/', 'tests/fixtures/'];

export const testKindsKeepToThemselves: ArchitectureRule = (modules) =>
  forbiddenImports(
    modules.filter(under('tests/')),
    (specifier, module) => {
      const to = target(module, specifier);
      const own = `${module.path.split('/').slice(0, 2).join('/')}/`;
      return !to?.startsWith('tests/') || [own, ...sharedByTests].some((folder) => to.startsWith(folder));
    },
    'code that two kinds of tests share belongs into tests/support or tests/lab',
  );

export const packagesByName: ArchitectureRule = (modules) =>
  forbiddenImports(
    modules.filter((module) => !module.path.startsWith('packages/')),
    (specifier, module) => !(specifier.startsWith('.') && target(module, specifier)?.startsWith('packages/')),
    'import #codec/, #worker/ or #supervisor/',
  );

const suites = /^(describe|it|test)$/;
const focusedOrSkipped = /^(only|skip|todo|failing)$/;
const prefixed = /^(f|x)(describe|it|test)$/;

export const allTestsRun: ArchitectureRule = (modules) =>
  modules.filter(under('tests/')).flatMap(({ path, tree }) =>
    nodesOf(tree).flatMap((node) => {
      const modified =
        ts.isPropertyAccessExpression(node) &&
        focusedOrSkipped.test(node.name.text) &&
        suites.test(node.expression.getText(tree).replace(/\..*/, ''));
      const called = ts.isCallExpression(node) && prefixed.test(node.expression.getText(tree));
      return modified || called
        ? [`${path} has ${node.getText(tree).slice(0, 40)}: every test runs, or is deleted`]
        : [];
    }),
  );
