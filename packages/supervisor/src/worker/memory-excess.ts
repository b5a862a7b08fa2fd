import type { Dependencies } from './dependencies.ts';

export const MEGABYTE = 2 ** 20;

/** Describes by how much a process exceeds its limit; `undefined` when it does not, or has no limit. */
export function memoryExcess(
  pid: number | undefined,
  { memoryLimitBytes, residentBytes }: Pick<Dependencies, 'memoryLimitBytes' | 'residentBytes'>,
): string | undefined {
  const limit = memoryLimitBytes();
  if (limit === undefined || pid === undefined) return undefined;
  const used = residentBytes(pid);
  if (used === undefined || used <= limit) return undefined;
  return `worker uses ${Math.round(used / MEGABYTE)} MB, its limit is ${Math.round(limit / MEGABYTE)} MB: replaced`;
}
