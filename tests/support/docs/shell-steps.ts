/** A shell block as steps: what a reader types, and what the page says comes out. */
import type { CodeBlock } from './pages.ts';

export interface ShellStep {
  /** One command, over several lines where it has a here-document or continues. */
  readonly command: string;
  /** Undefined where the page shows no output: blocks that are not `console`. */
  readonly output?: readonly string[];
}

export function shellSteps(block: CodeBlock): readonly ShellStep[] {
  return block.language === 'console' ? consoleSteps(block.lines) : plainSteps(block.lines);
}

function consoleSteps(lines: readonly string[]): readonly ShellStep[] {
  const steps: { command: string; output: string[] }[] = [];
  for (const line of lines) {
    if (line.startsWith('$ ')) steps.push({ command: line.slice(2), output: [] });
    else steps.at(-1)?.output.push(line);
  }
  return steps.map(({ command, output }) => ({ command, output: withoutBlankEnd(output) }));
}

function plainSteps(lines: readonly string[]): readonly ShellStep[] {
  const steps: string[][] = [];
  let unfinished: ((line: string) => boolean) | undefined;
  for (const line of lines) {
    if (unfinished !== undefined) {
      steps.at(-1)?.push(line);
      if (!unfinished(line)) unfinished = undefined;
      continue;
    }
    if (line.trim() === '' || line.startsWith('#')) continue;
    steps.push([line]);
    const end = /<<-?\s*'?(\w+)'?/.exec(line)?.[1];
    if (end !== undefined) unfinished = (next) => next !== end;
    else if (continues(line)) unfinished = continues;
  }
  return steps.map((step) => ({ command: step.join('\n') }));
}

function continues(line: string): boolean {
  return /(\\|\|)$/.test(line);
}

function withoutBlankEnd(lines: readonly string[]): readonly string[] {
  const last = lines.findLastIndex((line) => line.trim() !== '');
  return lines.slice(0, last + 1);
}

/** Without the comment at the end of a line, and with single spaces: what a suite has to contain. */
export function essence(command: string): string {
  return command
    .replaceAll(/\s#\s.*$/gm, '')
    .replaceAll(/\s+/g, ' ')
    .trim();
}

/** Lines that differ in numbers, in the width of columns or where the page leaves something out are the same. */
export function sameOutput(shown: readonly string[], found: readonly string[]): boolean {
  return (
    shown.length === found.length &&
    shown.every((line, index) => {
      const pattern = mask(line).split('…').map(escape).join('.*');
      return new RegExp(`^${pattern}$`).test(mask(found[index] ?? ''));
    })
  );
}

function mask(line: string): string {
  return line
    .replaceAll(/\d+(\.\d+)?/g, '#')
    .replaceAll(/\s+/g, ' ')
    .trim();
}

function escape(text: string): string {
  return text.replaceAll(/[\\^$.*+?()[\]{}|]/g, '\\$&');
}
