/** The suites that a page may name, and what an acceptance suite is made of. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { sourceModule, target, type SourceModule } from '../architecture/source-tree.ts';
import { CHECKOUT } from './pages.ts';

/** These run the blocks that name them from the page's own text. */
export const readingSuites = ['unit', 'e2e', 'test:migration'] as const;

const { scripts } = JSON.parse(readFileSync(join(CHECKOUT, 'package.json'), 'utf8')) as {
  scripts: Readonly<Record<string, string>>;
};

export const npmScripts: ReadonlySet<string> = new Set(Object.keys(scripts));

/** The text of a suite's program and of everything of tests/ that it imports; undefined if there is no such suite. */
export function suiteText(suite: string): string | undefined {
  const entry = /tests\/acceptance\/\S+\.ts$/.exec(scripts[suite] ?? '')?.[0];
  if (entry === undefined) return undefined;
  const reached = new Map<string, SourceModule>();
  const pending = [entry];
  for (let path = pending.pop(); path !== undefined; path = pending.pop()) {
    const file = join(CHECKOUT, path);
    if (reached.has(path) || !path.startsWith('tests/') || !existsSync(file)) continue;
    const module = sourceModule(path, readFileSync(file, 'utf8'));
    reached.set(path, module);
    for (const specifier of module.specifiers) pending.push(target(module, specifier) ?? '');
  }
  return [...reached.values()].map(({ text }) => text.replaceAll(/\s+/g, ' ')).join('\n');
}
