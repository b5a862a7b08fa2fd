/** The way back from a code on the wire to its name, for a table of name → code. */
export function codeNames<Codes extends Readonly<Record<string, number>>>(
  codes: Codes,
): ReadonlyMap<number, keyof Codes & string> {
  const names = new Map<number, keyof Codes & string>();
  for (const name of Object.keys(codes)) {
    const code = codes[name];
    if (code !== undefined && !names.has(code)) names.set(code, name);
  }
  return names;
}
