import { readFile } from 'node:fs/promises';

/** The id of a group, given by its name in /etc/group or by number; `undefined` when there is no such group. */
export async function findGroupId(group: string): Promise<number | undefined> {
  if (/^[0-9]+$/.test(group)) return Number(group);
  const lines = (await readFile('/etc/group', 'utf8').catch(() => '')).split('\n');
  const fields = lines.map((line) => line.split(':')).find(([name]) => name === group);
  return fields?.[2] === undefined ? undefined : Number(fields[2]);
}
