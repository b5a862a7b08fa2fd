/**
 * Splits an inventory into sections and `key = value` lines and remembers where each stood, which the
 * `ini` package does not tell. It decides nothing about what keys and values mean.
 */
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
  /** Lines of this section that cannot be read. */
  readonly errors: readonly Diagnostic[];
}

export interface ScannedInventory {
  readonly sections: readonly ScannedSection[];
  /** Errors before the first section: they belong to no BMC. */
  readonly errors: readonly Diagnostic[];
}

/** Never fails: what cannot be read becomes an error of the section it stands in. */
export function scanInventory(text: string, fileName?: string): ScannedInventory {
  const sections: (ScannedSection & { entries: ScannedEntry[]; errors: Diagnostic[] })[] = [];
  const file = fileName === undefined ? {} : { file: fileName };
  const preamble: Diagnostic[] = [];
  const lines = text.replace(/^\uFEFF/, '').split(/\r\n|\n|\r/);

  for (const [index, content] of lines.entries()) {
    const line = index + 1;
    const trimmed = content.trim();
    if (trimmed === '' || /^[;#]/.test(trimmed)) continue;

    if (trimmed.startsWith('[')) {
      const header = /^\[([^\]]*)\]\s*(?:[;#].*)?$/.exec(trimmed);
      // A broken header still begins a section: its keys must not be taken for the previous section's.
      const name = (header?.[1] ?? trimmed.slice(1).replace(/\].*$/, '')).trim();
      const problem = header === null ? 'a section header is written [NAME]' : sectionNameProblem(name);
      const errors: Diagnostic[] =
        problem === undefined ? [] : [{ severity: 'error', ...file, line, section: name, message: problem }];
      sections.push({ ...file, name, line, entries: [], errors });
      continue;
    }

    const section = sections.at(-1);
    const problem = lineProblem(content);
    if (problem !== undefined || section === undefined) {
      const place = section === undefined ? {} : { section: section.name };
      const message = problem ?? 'a key stands before the first section: write [NAME] or [DEFAULT] above it';
      (section?.errors ?? preamble).push({ severity: 'error', ...file, line, ...place, message });
      continue;
    }
    const equals = content.indexOf('=');
    section.entries.push({ line, key: content.slice(0, equals).trim(), raw: content.slice(equals + 1) });
  }
  return { sections, errors: preamble };
}

function lineProblem(content: string): string | undefined {
  if (!/^\s*[^\s=][^=]*=/.test(content)) {
    return 'the line is neither [section] nor key = value: write key = value, or ; before a comment';
  }
  if (content.includes('\uFFFD')) return 'the line is not UTF-8: save the file in UTF-8';
  return undefined;
}
