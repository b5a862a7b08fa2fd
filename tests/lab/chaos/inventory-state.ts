/** What the inventory file says, what vbmcd lists, and what the editors were told. Pure. */

export interface FileEntry {
  readonly name: string;
  readonly domain: string;
  readonly address: string;
  readonly port: number;
  readonly isActive: boolean;
}

/** Reads the plain sections that the chaos writes; not the inventory's own parser, which is under test. */
export function readSections(text: string): readonly FileEntry[] {
  const sections: { name: string; keys: Map<string, string> }[] = [];
  for (const line of text.split('\n')) {
    const [, name] = /^\[(.+)\]$/.exec(line.trim()) ?? [];
    if (name !== undefined) sections.push({ name, keys: new Map() });
    const [, key, value] = /^(\w+) *= *(.*)$/.exec(line.trim()) ?? [];
    if (key !== undefined && value !== undefined) sections.at(-1)?.keys.set(key, value);
  }
  return sections.map(({ name, keys }) => ({
    name,
    domain: keys.get('domain_name') ?? name,
    address: keys.get('address') ?? '::',
    port: Number(keys.get('port') ?? 623),
    isActive: keys.get('active') !== 'no',
  }));
}

export interface ListedEntry {
  readonly name: string;
  readonly domain: string | null;
  readonly address: string | null;
  readonly port: number | null;
  readonly status: string;
}

/** How the listing differs from the file. */
export function compareListing(
  file: readonly FileEntry[],
  listed: readonly ListedEntry[],
): readonly string[] {
  const wrong: string[] = [];
  const byName = new Map(listed.map((entry) => [entry.name, entry]));
  for (const { name, domain, address, port, isActive } of file) {
    const found = byName.get(name);
    if (found === undefined) {
      wrong.push(`${name} is in the file, and vbmcd does not list it`);
      continue;
    }
    const wanted = `${domain} ${address} ${port} ${isActive ? 'running' : 'stopped'}`;
    const is = `${found.domain ?? '-'} ${found.address ?? '-'} ${found.port ?? '-'} ${found.status}`;
    if (is !== wanted) wrong.push(`${name} is "${wanted}" in the file, and vbmcd lists "${is}"`);
  }
  const names = new Set(file.map(({ name }) => name));
  for (const { name } of listed)
    if (!names.has(name)) wrong.push(`vbmcd lists ${name}, which is not in the file`);
  if (names.size !== file.length) wrong.push('the file has a section twice');
  return wrong;
}

/** What the file must say of a BMC that editors add and remove; `unknown` after an edit that has failed. */
export type Edited = 'absent' | 'stopped' | 'started' | 'unknown';
export type EditVerb = 'add' | 'delete' | 'start' | 'stop';

const edits: Readonly<Record<EditVerb, Exclude<Edited, 'unknown'>>> = {
  add: 'stopped',
  delete: 'absent',
  start: 'started',
  stop: 'stopped',
};

/** Which edits make sense. */
export function possibleEdits(state: Edited): readonly EditVerb[] {
  if (state === 'absent') return ['add'];
  if (state === 'unknown') return ['add', 'delete', 'start', 'stop'];
  return state === 'stopped' ? ['start', 'delete'] : ['stop', 'delete'];
}

/** `exitCode` as of vbmc: 0, done; 6, done, and the BMC does not answer yet. */
export function afterEdit(verb: EditVerb, exitCode: number | undefined): Edited {
  return exitCode === 0 || exitCode === 6 ? edits[verb] : 'unknown';
}

/** Edits that were acknowledged and are not in the file. */
export function compareEdits(
  file: readonly FileEntry[],
  edited: ReadonlyMap<string, Edited>,
): readonly string[] {
  return [...edited].flatMap(([name, wanted]) => {
    const entry = file.find((candidate) => candidate.name === name);
    const is: Edited = entry === undefined ? 'absent' : entry.isActive ? 'started' : 'stopped';
    return wanted === 'unknown' || is === wanted
      ? []
      : [`${name} was acknowledged as ${wanted}, and is ${is} in the file`];
  });
}
