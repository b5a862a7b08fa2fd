/** The pages of documentation, taken apart: code blocks with their marks, headings, links and inline code. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

export const CHECKOUT = join(import.meta.dirname, '../../..');

/** A fenced code block. */
export interface CodeBlock {
  readonly page: string;
  /** The line of its opening fence. */
  readonly line: number;
  readonly language: string;
  readonly lines: readonly string[];
  /** The text of the HTML comment before it. */
  readonly mark?: string;
}

export interface Page {
  /** From the repository's root. */
  readonly path: string;
  readonly blocks: readonly CodeBlock[];
  /** Its lines outside code blocks. */
  readonly prose: readonly { readonly line: number; readonly text: string }[];
}

const fencePattern = /^(\s*)```(\S*)\s*$/;
const markPattern = /^\s*<!-- (.*) -->$/;

export function parsePage(path: string, text: string): Page {
  const blocks: CodeBlock[] = [];
  const prose: { line: number; text: string }[] = [];
  let open: (CodeBlock & { readonly lines: string[]; readonly indent: string }) | undefined;
  let mark: string | undefined;
  for (const [index, line] of text.split('\n').entries()) {
    const [fence, indent = '', language = ''] = fencePattern.exec(line) ?? [];
    if (open !== undefined) {
      if (fence === undefined)
        open.lines.push(line.startsWith(open.indent) ? line.slice(open.indent.length) : line);
      else open = undefined;
    } else if (fence !== undefined) {
      open = {
        page: path,
        line: index + 1,
        language,
        lines: [],
        indent,
        ...(mark !== undefined && { mark }),
      };
      blocks.push(open);
      mark = undefined;
    } else {
      prose.push({ line: index + 1, text: line });
      if (line.trim() !== '') mark = markPattern.exec(line)?.[1];
    }
  }
  return { path, blocks, prose };
}

/** Every page that readers are sent to. */
export function readPages(): readonly Page[] {
  const topLevel = readdirSync(CHECKOUT).filter((name) => name.endsWith('.md'));
  const docs = readdirSync(join(CHECKOUT, 'docs')).filter((name) => name.endsWith('.md'));
  const paths = [...topLevel, ...docs.map((name) => `docs/${name}`), 'config/ansible/roles/vbmc/README.md'];
  return paths.map((path) => parsePage(path, readFileSync(join(CHECKOUT, path), 'utf8')));
}

export function placeOf({ page, line }: CodeBlock): string {
  return `${page}:${line}`;
}

/** The anchors that a page's headings have, as GitHub makes them. */
export function anchorsOf({ prose }: Page): ReadonlySet<string> {
  const anchors = new Set<string>();
  for (const { text } of prose) {
    const heading = /^#{1,6} (.*)$/.exec(text)?.[1];
    if (heading === undefined) continue;
    const plain = heading.toLowerCase().replaceAll(/\[([^\]]*)\]\([^)]*\)/g, '$1');
    const anchor = plain.replaceAll(/[^\p{L}\p{N}\s_-]/gu, '').replaceAll(' ', '-');
    for (let count = 0; ; count += 1) {
      const numbered = count === 0 ? anchor : `${anchor}-${count}`;
      if (anchors.has(numbered)) continue;
      anchors.add(numbered);
      break;
    }
  }
  return anchors;
}

export interface Reference {
  readonly page: string;
  readonly line: number;
  readonly text: string;
}

/** What the page links to. */
export function linksOf({ path, prose }: Page): readonly Reference[] {
  return prose.flatMap(({ line, text }) =>
    [...text.matchAll(/\]\(([^)\s]+)\)/g)].map(([, link = '']) => ({ page: path, line, text: link })),
  );
}

/** What stands between back-ticks. */
export function inlineCodeOf({ path, prose }: Page): readonly Reference[] {
  return prose.flatMap(({ line, text }) =>
    [...text.matchAll(/`([^`]+)`/g)].map(([, code = '']) => ({ page: path, line, text: code })),
  );
}
