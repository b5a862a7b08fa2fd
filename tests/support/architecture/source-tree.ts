import { readdirSync, readFileSync } from 'node:fs';
import { join, posix, relative } from 'node:path';
import ts from 'typescript';

/** One source file as the compiler's parser sees it. */
export interface SourceModule {
  /** From the repository's root, with `/`. */
  readonly path: string;
  readonly text: string;
  readonly tree: ts.SourceFile;
  /** What it imports, re-exports or loads with `import()`, as written. */
  readonly specifiers: readonly string[];
}

export function sourceModule(path: string, text: string): SourceModule {
  return {
    path,
    text,
    tree: ts.createSourceFile(path, text, ts.ScriptTarget.Latest, true),
    specifiers: ts.preProcessFile(text, true, true).importedFiles.map(({ fileName }) => fileName),
  };
}

const generated = new Set(['node_modules', 'dist', 'types', 'coverage']);

/** Every program text under `folders` of the repository. */
export function sourceTree(root: string, folders: readonly string[]): SourceModule[] {
  return folders
    .flatMap((folder) => filesUnder(join(root, folder)))
    .filter((file) => /\.(ts|js|mjs)$/.test(file) && !file.endsWith('.d.ts'))
    .map((file) => sourceModule(relative(root, file).replaceAll('\\', '/'), readFileSync(file, 'utf8')));
}

function filesUnder(directory: string): string[] {
  return readdirSync(directory, { withFileTypes: true }).flatMap((entry) => {
    const path = join(directory, entry.name);
    if (entry.isFile()) return [path];
    return entry.isDirectory() && !generated.has(entry.name) ? filesUnder(path) : [];
  });
}

/** The subpath imports of the top-level package.json. */
const subpathImports: readonly (readonly [string, string])[] = [
  ['#codec/', 'packages/ipmi-codec/src/'],
  ['#worker/', 'packages/bmc-worker/src/'],
  ['#supervisor/', 'packages/supervisor/src/'],
  ['#support/', 'tests/support/'],
  ['#lab/', 'tests/lab/'],
];

/** Where a relative specifier or a subpath import leads, from the repository's root; undefined for a package's name. */
export function target(module: SourceModule, specifier: string): string | undefined {
  if (specifier.startsWith('.')) return posix.join(posix.dirname(module.path), specifier);
  const subpath = subpathImports.find(([prefix]) => specifier.startsWith(prefix));
  return subpath && subpath[1] + specifier.slice(subpath[0].length);
}

/** A package's name in a specifier such as `zod/v4` or `@scope/name/part`. */
export function packageName(specifier: string): string {
  return specifier
    .split('/')
    .slice(0, specifier.startsWith('@') ? 2 : 1)
    .join('/');
}

/** All nodes of the syntax tree, without its punctuation. */
export function nodesOf(tree: ts.SourceFile): ts.Node[] {
  const nodes: ts.Node[] = [];
  const visit = (node: ts.Node): void => {
    nodes.push(node);
    ts.forEachChild(node, visit);
  };
  visit(tree);
  return nodes;
}

function isNameOfMember(node: ts.Identifier): boolean {
  return (
    (ts.isPropertyAccessExpression(node.parent) && node.parent.name === node) ||
    ts.isPropertyAssignment(node.parent) ||
    ts.isPropertySignature(node.parent) ||
    ts.isTypeReferenceNode(node.parent)
  );
}

/** Where the module uses one of `globals`, or `Math.random`. */
export function usesOfGlobals({ tree }: SourceModule, globals: ReadonlySet<string>): ts.Node[] {
  return nodesOf(tree).filter((node) => {
    if (ts.isPropertyAccessExpression(node)) return node.getText(tree) === 'Math.random';
    return ts.isIdentifier(node) && globals.has(node.text) && !isNameOfMember(node);
  });
}

/** The texts of all comments. */
export function commentsOf({ tree, text }: SourceModule): string[] {
  const comments = new Map<number, string>();
  const visit = (node: ts.Node): void => {
    const ranges = [
      ...(ts.getLeadingCommentRanges(text, node.getFullStart()) ?? []),
      ...(ts.getTrailingCommentRanges(text, node.getEnd()) ?? []),
    ];
    for (const { pos, end } of ranges) comments.set(pos, text.slice(pos, end));
    // Its tokens too: a comment may stand before a closing brace.
    for (const child of node.getChildren(tree)) visit(child);
  };
  visit(tree);
  return [...comments.values()];
}
