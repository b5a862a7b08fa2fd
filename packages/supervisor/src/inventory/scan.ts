/**
 * Splits an inventory into sections and `key = value` lines and remembers the line of each, which the `ini` package
 * does not report. What keys and values mean is decided elsewhere.
 */
import { defined } from '../text/records.ts';
import type { Problem } from '../text/problem.ts';
import type { Diagnostic } from './diagnostic.ts';
import { sectionNameProblem } from './section-name.ts';

export interface ScannedEntry {
  readonly line: number;
  readonly key: string;
  /** The text after `=`, exactly as written. */
  readonly raw: string;
}

export interface ScannedSection {
  /** The file of the include directory; absent for the inventory itself. */
  readonly file?: string;
  readonly name: string;
  /** Line of the header, 1-based. */
  readonly line: number;
  readonly entries: readonly ScannedEntry[];
  /** Whether a user other than root and vbmcd's has written it. */
  readonly isForeign?: boolean;
  /** Lines of this section that cannot be read. */
  readonly errors: readonly Diagnostic[];
}

export interface ScannedInventory {
  readonly sections: readonly ScannedSection[];
  /** Errors before the first section: they belong to no BMC. */
  readonly errors: readonly Diagnostic[];
}

const brokenHeader: Problem = { message: 'the section header is broken', remedy: 'write [NAME]' };
const noSection: Problem = {
  message: 'a key comes before the first section',
  remedy: 'write [NAME] or [DEFAULT] above it',
};

/** Never fails: a line that cannot be read becomes an error of its section. */
export function scanInventory(text: string, fileName?: string): ScannedInventory {
  const sections: (ScannedSection & { entries: ScannedEntry[]; errors: Diagnostic[] })[] = [];
  const file = defined({ file: fileName });
  const preamble: Diagnostic[] = [];
  const lines = text.replace(/^\uFEFF/, '').split(/\r\n|\n|\r/);

  for (const [index, content] of lines.entries()) {
    const line = index + 1;
    const trimmed = content.trim();
    if (trimmed === '' || /^[;#]/.test(trimmed)) continue;

    if (trimmed.startsWith('[')) {
      const header = /^\[([^\]]*)\]\s*(?:[;#].*)?$/.exec(trimmed);
      // A broken header still begins a section: its keys must not count as the previous section's.
      const name = (header?.[1] ?? trimmed.slice(1).replace(/\].*$/, '')).trim();
      const problem = header === null ? brokenHeader : sectionNameProblem(name);
      const errors: Diagnostic[] =
        problem === undefined ? [] : [{ severity: 'error', ...file, line, section: name, ...problem }];
      sections.push({ ...file, name, line, entries: [], errors });
      continue;
    }

    const section = sections.at(-1);
    const problem = lineProblem(content);
    if (problem !== undefined || section === undefined) {
      const place = { ...file, line, ...defined({ section: section?.name }) };
      (section?.errors ?? preamble).push({ severity: 'error', ...place, ...(problem ?? noSection) });
      continue;
    }
    const equals = content.indexOf('=');
    section.entries.push({ line, key: content.slice(0, equals).trim(), raw: content.slice(equals + 1) });
  }
  return { sections, errors: preamble };
}

function lineProblem(content: string): Problem | undefined {
  if (!/^\s*[^\s=][^=]*=/.test(content)) {
    const remedy = 'write key = value, or ; before a comment';
    return { message: 'the line is neither [section] nor key = value', remedy };
  }
  if (content.includes('\uFFFD')) {
    return { message: 'the line is not UTF-8', remedy: 'save the file as UTF-8' };
  }
  return undefined;
}
