import ts from 'typescript';
import { nodesOf, target, usesOfGlobals, type SourceModule } from './source-tree.ts';

/** The names of Node's modules that a pure file may import. */
const pureNamesOfNode: Readonly<Record<string, readonly string[]>> = {
  'node:net': ['isIP', 'isIPv4', 'isIPv6'],
  'node:util': ['isDeepStrictEqual'],
};
const pureLibraries = new Set([
  '@vbmc/ipmi-codec',
  '@xmldom/xmldom',
  'ini',
  'js-yaml',
  'string-width',
  'zod',
]);
const CORE = 'packages/bmc-worker/src/core/';

const impureGlobals = new Set([
  ...['setTimeout', 'setInterval', 'setImmediate', 'clearTimeout', 'clearInterval', 'clearImmediate'],
  ...['queueMicrotask', 'Date', 'performance', 'console', 'process', 'globalThis', 'fetch', 'crypto'],
]);

/** `new Date(milliseconds)`: a date made of its argument, not of the clock. */
function isDateOfArgument(node: ts.Node): boolean {
  return (
    node.getText() === 'Date' && ts.isNewExpression(node.parent) && (node.parent.arguments?.length ?? 0) > 0
  );
}

function isLazyImport(node: ts.Node): boolean {
  return ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.ImportKeyword;
}

function impureUses(module: SourceModule): string[] {
  return [
    ...usesOfGlobals(module, impureGlobals).filter((node) => !isDateOfArgument(node)),
    ...nodesOf(module.tree).filter(isLazyImport),
  ].map((node) => node.getText(module.tree));
}

interface ValueImport {
  readonly specifier: string;
  /** Empty: the whole module. */
  readonly names: readonly string[];
}

function valueImports({ tree }: SourceModule): ValueImport[] {
  return tree.statements.flatMap((statement): ValueImport[] => {
    if (!ts.isImportDeclaration(statement) && !ts.isExportDeclaration(statement)) return [];
    const { moduleSpecifier } = statement;
    if (moduleSpecifier === undefined || !ts.isStringLiteral(moduleSpecifier)) return [];
    const specifier = moduleSpecifier.text;
    const clause = ts.isImportDeclaration(statement) ? statement.importClause : undefined;
    const isType = ts.isExportDeclaration(statement)
      ? statement.isTypeOnly
      : clause?.phaseModifier === ts.SyntaxKind.TypeKeyword;
    if (isType) return [];
    const bindings = ts.isExportDeclaration(statement) ? statement.exportClause : clause?.namedBindings;
    if (bindings === undefined || !('elements' in bindings) || clause?.name !== undefined) {
      return [{ specifier, names: [] }];
    }
    const values = bindings.elements.filter((element) => !element.isTypeOnly);
    const names = values.map(({ name, propertyName }) => (propertyName ?? name).text);
    return names.length === 0 ? [] : [{ specifier, names }];
  });
}

/** The file behind a subpath of the worker's package, such as `@vbmc/bmc-worker/ipc`. */
function subpathIndex(specifier: string): string | undefined {
  const [, subpath] = /^@vbmc\/bmc-worker\/(.+)$/.exec(specifier) ?? [];
  return subpath && `packages/bmc-worker/src/${subpath}/index.ts`;
}

/** Whether a value import is pure; `byPath` has the modules, `listed` the paths of the pure ones. */
function isPureImport(
  module: SourceModule,
  { specifier, names }: ValueImport,
  byPath: ReadonlyMap<string, SourceModule>,
  listed: ReadonlySet<string>,
): boolean {
  if (pureLibraries.has(specifier)) return true;
  const allowed = pureNamesOfNode[specifier];
  if (allowed !== undefined) return names.length > 0 && names.every((name) => allowed.includes(name));
  const file = subpathIndex(specifier) ?? target(module, specifier) ?? '';
  if (listed.has(file) || file.startsWith(CORE)) return true;
  const index = file.endsWith('/index.ts') ? byPath.get(file) : undefined;
  if (index === undefined || names.length === 0) return false;
  // An index is as pure as the files that the imported names come from.
  return valueImports(index)
    .filter((one) => one.names.some((name) => names.includes(name)))
    .every((one) => isPureImport(index, one, byPath, listed));
}

/**
 * Names each listed file that is missing or not pure, with the remedy. A pure file has no clock, timers, randomness or
 * process, imports none of Node's modules, and of other files' values only those of pure files; types are free.
 */
export function filesArePure(modules: readonly SourceModule[], list: readonly string[]): string[] {
  const byPath = new Map(modules.map((module) => [module.path, module]));
  const listed = new Set(list);
  return list.flatMap((path) => {
    const module = byPath.get(path);
    if (module === undefined) return [`${path} does not exist: bring tests/support/pure-files.ts up to date`];
    const imported = valueImports(module)
      .filter((one) => !isPureImport(module, one, byPath, listed))
      .map(
        ({ specifier }) =>
          `${path} imports ${specifier}, which is not in tests/support/pure-files.ts: add it there, or pass what it gives as an argument`,
      );
    const used = impureUses(module).map(
      (text) => `${path} uses ${text}: pass time and randomness in as arguments`,
    );
    return [...imported, ...used];
  });
}

/** A comment that claims purity is held by the list. */
export function claimsOfPurityAreHeld(modules: readonly SourceModule[], list: readonly string[]): string[] {
  return modules
    .filter(({ path }) => path.startsWith('packages/') && !path.startsWith(CORE) && !list.includes(path))
    .filter(({ text }) => /^\/\*\*(?:(?!\*\/)[^])*\bPure\b/.test(text))
    .map(({ path }) => `${path} says that it is pure: add it to tests/support/pure-files.ts`);
}
