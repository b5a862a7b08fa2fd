/** One finding about an inventory, in the shape of a compiler's message. */
import { printable } from '../text/printable.ts';
import { problemText, type Problem } from '../text/problem.ts';

/** In characters: a path has at most 4,096 bytes. */
const LONGEST = 6_000;

/** Another place that a problem is about. */
export interface Reference {
  /** 1-based. */
  readonly line: number;
  /** What the operator calls the file; absent when it is the one with the problem. */
  readonly file?: string;
}

/** A problem that may have to do with another place of the inventory. */
export interface PlacedProblem extends Problem {
  readonly see?: Reference;
}

/** A problem with the value of a key, before its place in the files is known. */
export interface KeyProblem extends PlacedProblem {
  readonly key: string;
}

export interface Diagnostic extends PlacedProblem {
  readonly severity: 'error' | 'warning';
  /** The file of the include directory that has the problem; absent for the inventory itself. */
  readonly file?: string;
  /** 1-based; absent when the finding is about the file as a whole. */
  readonly line?: number;
  readonly section?: string;
  readonly key?: string;
}

/**
 * `domains.ini:17: [node-3] port: 70000 is not a UDP port (1-65535)`; `inventoryName` names the inventory itself. One printable line,
 * like all that this file makes: names, keys and values are those of whoever may write the files.
 */
export function formatDiagnostic(inventoryName: string, diagnostic: Diagnostic): string {
  const severity = diagnostic.severity === 'warning' ? ' warning:' : '';
  const subject = subjectOf(diagnostic);
  const colon = subject === '' || diagnostic.key === undefined ? '' : ':';
  const place = placeOf(inventoryName, diagnostic);
  return printable(`${place}:${severity}${subject}${colon} ${messageWithRemedy(diagnostic)}`, LONGEST);
}

/** What a diagnostic is about: `domains.ini:17: [node-3] port`. */
export function formatSubject(inventoryName: string, diagnostic: Diagnostic): string {
  const subject = subjectOf(diagnostic);
  const place = placeOf(inventoryName, diagnostic);
  return printable(subject === '' ? place : `${place}:${subject}`, LONGEST);
}

/** A diagnostic where the BMC is known already: `port: 70000 is not a UDP port (1-65535)`. */
export function formatWithKey(diagnostic: Diagnostic): string {
  const text = messageWithRemedy(diagnostic);
  return printable(diagnostic.key === undefined ? text : `${diagnostic.key}: ${text}`, LONGEST);
}

/** The message with the other place that it is about. */
export function fullMessage({ message, see }: PlacedProblem): string {
  const where = see && ` (see line ${see.line}${see.file === undefined ? '' : ` of ${see.file}`})`;
  return printable(`${message}${where ?? ''}`, LONGEST);
}

function messageWithRemedy(diagnostic: Diagnostic): string {
  return problemText({ ...diagnostic, message: fullMessage(diagnostic) });
}

function placeOf(inventoryName: string, { file = inventoryName, line }: Diagnostic): string {
  return line === undefined ? file : `${file}:${line}`;
}

function subjectOf({ section, key }: Diagnostic): string {
  return `${section === undefined ? '' : ` [${section}]`}${key === undefined ? '' : ` ${key}`}`;
}
