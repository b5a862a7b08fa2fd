/** Puts the generated parts between the marks of a hand-written manual page. Pure. */

const mark = /^\.\\" BEGIN (?<name>[a-z-]+): .*\n(?<body>(?:.*\n)*?)(?=^\.\\" END$)/gm;

/** `parts` are keyed by the name after `BEGIN`. Marks without a part and parts without marks are errors. */
export function withParts(page: string, parts: Readonly<Record<string, string>>): string {
  const missing = new Set(Object.keys(parts));
  const filled = page.replaceAll(mark, (whole, name: string, body: string) => {
    const part = parts[name];
    if (part === undefined) throw new Error(`there is no part for the marks ${name}`);
    missing.delete(name);
    return `${whole.slice(0, whole.length - body.length)}${part}\n`;
  });
  if (missing.size > 0) throw new Error(`no marks for ${[...missing].join(', ')}`);
  return filled;
}
