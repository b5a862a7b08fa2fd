/**
 * What the comment before a code block says about it:
 *
 *     <!-- run: e2e -->                       this suite runs it, or has its command lines
 *     <!-- not run: needs a real MAAS -->     no suite does, for this reason
 *     <!-- not an inventory: a systemd unit --> an ini block that vbmcd does not read
 */
import type { CodeBlock } from './pages.ts';

export type BlockMark =
  | { readonly kind: 'run'; readonly suite: string }
  | { readonly kind: 'notRun'; readonly reason: string }
  | { readonly kind: 'notAnInventory'; readonly what: string };

/** Undefined without a mark, or with a comment that is none. */
export function readMark({ mark = '' }: CodeBlock): BlockMark | undefined {
  const [, verb, rest = ''] = /^(run|not run|not an inventory): (.+)$/.exec(mark) ?? [];
  switch (verb) {
    case 'run':
      return { kind: 'run', suite: rest };
    case 'not run':
      return { kind: 'notRun', reason: rest };
    case 'not an inventory':
      return { kind: 'notAnInventory', what: rest };
    default:
      return undefined;
  }
}

const shellLanguages = new Set(['sh', 'bash', 'console', 'shell']);

export function isShell({ language }: CodeBlock): boolean {
  return shellLanguages.has(language);
}

export function isRunBy(suite: string): (block: CodeBlock) => boolean {
  return (block) => {
    const mark = readMark(block);
    return mark?.kind === 'run' && mark.suite === suite;
  };
}
