/** Lines that a worker might send to its supervisor: valid messages of every kind, and these with each value replaced. */
import { workerMessageFields, type FieldKind, type FieldRule, type Fields } from '@vbmc/bmc-worker/ipc';

/** Valid values of each kind, as JSON: the least and the greatest, and texts that a terminal or a log would misread. */
export const validValues: Readonly<Record<FieldKind, readonly string[]>> = {
  count: ['0', '1', String(Number.MAX_SAFE_INTEGER)],
  milliseconds: ['0', '0.25', '3.2e12'],
  octet: ['0', '255'],
  port: ['0', '65535'],
  shortText: ['""', '"192.0.2.1:623"', JSON.stringify('\n<3>\u001b[2J\u202e\u200f\ud800\u0000"')],
  text: ['"why"', JSON.stringify(`\r\n<0>${'\u009b31m'.repeat(1_000)}`)],
  flag: ['true'],
};

/** Values that are valid in few places, as JSON. */
export const hostileValues: readonly string[] = [
  ...['null', 'true', 'false', '[]', '{}', '-0', '-1', '0.5', '5', '256', '65536', '9007199254740993'],
  ...['1e999', '-1e999', '5e-324', '1e308', '""', '"x"', '"5"', '"__proto__"', '"constructor"', '"toString"'],
  ...['{"__proto__":{"x":1}}', '{"length":5}', '{"toString":null}', '[null]', '[[]]', '["x"]'],
  JSON.stringify('\n<3>2026-01-01T00:00:00.000Z error b: FORGED\u001b[31m\u202e'),
  JSON.stringify('x'.repeat(5_000)),
  JSON.stringify('\u0000'.repeat(20_000)),
  `${'['.repeat(20_000)}${']'.repeat(20_000)}`,
  `${'{"a":'.repeat(10_000)}1${'}'.repeat(10_000)}`,
  `[${'{},'.repeat(600)}{}]`,
];

/** One value of a message that may be replaced: `text` writes the message with another JSON in its place. */
export interface Place {
  /** `events.0.user` */
  readonly path: string;
  readonly rule: FieldRule;
  readonly text: (json: string) => string;
}

export interface ValidMessage {
  readonly text: string;
  readonly places: readonly Place[];
}

/** Chooses one of `count`: a random number from 0, or always the first. */
export type Choose = (count: number) => number;

/** A valid message of that kind, with all its optional fields; lists have one entry of each kind. */
export function validMessage(type: string, choose: Choose = () => 0): ValidMessage {
  const fields = (workerMessageFields as Readonly<Record<string, Fields>>)[type];
  if (fields === undefined) throw new Error(`there is no message ${type}`);
  const places: Place[] = [];
  const root = recordNode(fields, `"type":${JSON.stringify(type)}`, choose);
  collect(root, '', (json) => json, places);
  return { text: root.text(), places };
}

export const messageTypes: readonly string[] = Object.keys(workerMessageFields);

interface Node {
  readonly rule?: FieldRule;
  readonly children: readonly (readonly [string, Node])[];
  /** With the `index`-th child replaced by `json`. */
  readonly text: (index?: number, json?: string) => string;
}

function leaf(rule: FieldRule, json: string): Node {
  return { rule, children: [], text: () => json };
}

function recordNode(fields: Fields, tag: string, choose: Choose, rule?: FieldRule): Node {
  const children = Object.entries(fields).map(([name, one]) => [name, nodeOf(one, choose)] as const);
  return {
    ...(rule !== undefined && { rule }),
    children,
    text: (at, json) => {
      const written = children.map(([name, child], index) => {
        return `${JSON.stringify(name)}:${index === at && json !== undefined ? json : child.text()}`;
      });
      return `{${[...(tag === '' ? [] : [tag]), ...written].join(',')}}`;
    },
  };
}

function listNode(rule: FieldRule, entries: readonly Node[]): Node {
  const children = entries.map((entry, index) => [String(index), entry] as const);
  return {
    rule,
    children,
    text: (at, json) =>
      `[${children.map(([, child], index) => (index === at && json !== undefined ? json : child.text())).join(',')}]`,
  };
}

function nodeOf(rule: FieldRule, choose: Choose): Node {
  if (typeof rule === 'string') return leaf(rule, chosen(validValues[rule], choose));
  if ('oneOf' in rule) return leaf(rule, JSON.stringify(chosen(rule.oneOf, choose)));
  if ('optional' in rule) return { ...nodeOf(rule.optional, choose), rule };
  if ('nullable' in rule) return leaf(rule, chosen(validValues[rule.nullable], choose));
  if ('record' in rule) return recordNode(rule.record, '', choose, rule);
  if ('listOf' in rule) return listNode(rule, [recordNode(rule.listOf, '', choose)]);
  const entries = Object.entries(rule.listOfKinds).map(([kind, fields]) =>
    recordNode(fields, `"kind":${JSON.stringify(kind)}`, choose),
  );
  return listNode(rule, entries);
}

function collect(node: Node, path: string, around: (json: string) => string, places: Place[]): void {
  if (node.rule !== undefined) places.push({ path, rule: node.rule, text: around });
  for (const [index, [name, child]] of node.children.entries()) {
    collect(child, path === '' ? name : `${path}.${name}`, (json) => around(node.text(index, json)), places);
  }
}

function chosen<T>(values: readonly T[], choose: Choose): T {
  const value = values[choose(values.length)];
  if (value === undefined) throw new Error('there is nothing to choose from');
  return value;
}
