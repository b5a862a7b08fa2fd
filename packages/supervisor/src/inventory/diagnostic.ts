/** One finding about an inventory, in the shape of a compiler's message. */
export interface Diagnostic {
  readonly severity: 'error' | 'warning';
  /** The file of the include directory that it is about; absent for the inventory itself. */
  readonly file?: string;
  /** 1-based; absent when the finding is about the file as a whole. */
  readonly line?: number;
  readonly section?: string;
  readonly key?: string;
  /** What is wrong and what to do about it. Never holds a secret. */
  readonly message: string;
}

/** `domains.ini:17: [node-3] port: 70000 is not a UDP port (1-65535)`; `inventoryName` is the inventory's own name. */
export function formatDiagnostic(inventoryName: string, diagnostic: Diagnostic): string {
  const file = diagnostic.file ?? inventoryName;
  const place = diagnostic.line === undefined ? file : `${file}:${diagnostic.line}`;
  const severity = diagnostic.severity === 'warning' ? ' warning:' : '';
  const section = diagnostic.section === undefined ? '' : ` [${diagnostic.section}]`;
  const key = diagnostic.key === undefined ? '' : ` ${diagnostic.key}`;
  const subject = section + key;
  return `${place}:${severity}${subject}${subject.endsWith(']') || subject === '' ? '' : ':'} ${diagnostic.message}`;
}
