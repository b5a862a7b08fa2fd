/** Puts what the command line says of itself between the marks of a hand-written page. Pure. */

const mark = /^\.\\" BEGIN (?<name>[a-z-]+): .*\n(?<body>(?:.*\n)*?)(?=^\.\\" END$)/gm;

/** `parts` by the name that follows `BEGIN`; a mark without its part, and a part without its mark, are errors. */
export function withParts(page: string, parts: Readonly<Record<string, string>>): string {
  const missing = new Set(Object.keys(parts));
  const filled = page.replaceAll(mark, (whole, name: string, body: string) => {
    const part = parts[name];
    if (part === undefined) throw new Error(`nothing is to stand between the marks ${name}`);
    missing.delete(name);
    return `${whole.slice(0, whole.length - body.length)}${part}\n`;
  });
  if (missing.size > 0) throw new Error(`no marks for ${[...missing].join(', ')}`);
  return filled;
}
