/** The status line that `systemctl status` shows for the service. */
import type { DaemonStatus } from '../control/daemon-status.ts';
import { printable } from '../text/printable.ts';
import type { ReloadResult } from '../fleet/reload-result.ts';

const LONGEST_ERROR = 300;

/** `12 BMCs: 11 running, 1 bindFailed`; after a rejected reload also why the new inventory does not apply. */
export function describeService(
  { total, byStatus }: DaemonStatus['bmcs'],
  lastReload: ReloadResult | undefined,
): string {
  const counts = Object.entries(byStatus).map(([status, count]) => `${count} ${status}`);
  const bmcs = `${total} ${total === 1 ? 'BMC' : 'BMCs'}${counts.length === 0 ? '' : ': '}${counts.join(', ')}`;
  if (lastReload?.outcome !== 'rejected') return bmcs;
  const [first = '', ...others] = lastReload.errors;
  const more = others.length === 0 ? '' : ` (and ${others.length} more)`;
  return `${bmcs}; reload rejected: ${printable(first, LONGEST_ERROR)}${more}`;
}
