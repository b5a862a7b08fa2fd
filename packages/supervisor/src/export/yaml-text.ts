/** YAML that parsers of YAML 1.1 and 1.2 read the same way: every text is quoted like in JSON. */

/** A text that Ansible must not read as a template. */
export class Verbatim {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }

  /** How Ansible marks it in JSON. */
  toJSON(): Readonly<Record<string, string>> {
    return { __ansible_unsafe: this.text };
  }
}

export type YamlValue =
  string | number | boolean | Verbatim | readonly YamlValue[] | { readonly [key: string]: YamlValue };

/** Some parsers read these as booleans or null outside of quotes. */
const words = /^(?:y|n|yes|no|on|off|true|false|null)$/i;
/** JSON does not escape them, but PyYAML rejects them or reads them as line ends. */
const unprintable = /[\u007f-\u009f\u2028\u2029\ufeff\ufffe\uffff]/g;
const INDENT = '  ';

/** One document, or several with `---` between them. */
export function toYaml(documents: readonly YamlValue[]): string {
  return documents.map((document) => `${block(document, '').trimStart()}\n`).join('---\n');
}

/** The text after a key or a dash: on the same line, or on the lines below. */
function block(value: YamlValue, indent: string): string {
  if (isList(value)) {
    if (value.length === 0) return ' []';
    return value.map((item) => `\n${indent}- ${block(item, indent + INDENT).trimStart()}`).join('');
  }
  if (typeof value !== 'object') return ` ${scalar(value)}`;
  if (value instanceof Verbatim) return ` !unsafe ${scalar(value.text)}`;
  const entries = Object.entries(value);
  if (entries.length === 0) return ' {}';
  return entries
    .map(([key, item]) => `\n${indent}${keyText(key)}:${block(item, nested(item, indent))}`)
    .join('');
}

function isList(value: YamlValue): value is readonly YamlValue[] {
  return Array.isArray(value);
}
function nested(item: YamlValue, indent: string): string {
  return isList(item) ? indent : indent + INDENT;
}
function keyText(key: string): string {
  return /^[A-Za-z_]+$/.test(key) && !words.test(key) ? key : scalar(key);
}

function scalar(value: string | number | boolean): string {
  const json = JSON.stringify(value);
  return json.replaceAll(unprintable, (character) => {
    return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
  });
}
