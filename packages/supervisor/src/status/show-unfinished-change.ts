import type { UnfinishedChange } from './bmc-detail.ts';

/** What `vbmc show` says about a power cycle that is under way, or was cut. */
export function showUnfinishedChange(
  owed: (Omit<UnfinishedChange, 'reason'> & { readonly reason?: string }) | undefined,
): UnfinishedChange | null {
  if (owed === undefined) return null;
  const { at, description, user, source, reason = null } = owed;
  return { at, description, user, source, reason };
}
