/** Maps a code on the wire back to its name. If names share a code, the first one counts. */
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
