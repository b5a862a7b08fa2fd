/** What VirtualBMC's `list` and `show` tell of BMCs, in its columns and words. Pure. */
import type { BmcDetail } from '../../status/bmc-detail.ts';
import type { BmcListing, BmcStatus } from '../../status/bmc-listing.ts';
import { compareTexts, type Cell, type Table } from '../formatters/table.ts';

/** A BMC that is down does not answer and was not meant to, or not yet; one with an error does not answer although it should. */
const words: Readonly<Record<BmcStatus, 'running' | 'down' | 'error'>> = {
  running: 'running',
  starting: 'down',
  stopping: 'down',
  stopped: 'down',
  failing: 'error',
  backingOff: 'error',
  bindFailed: 'error',
  invalid: 'error',
};

/** VirtualBMC hides every secret so, and those that are not there. */
const HIDDEN = '***';

export function listTable(listings: readonly BmcListing[]): Table {
  const rows = listings
    .map(({ name, status, address, port }) => [name, words[status], address, port] as const)
    .sort(([one], [other]) => compareTexts(one, other));
  return { columns: ['Domain name', 'Status', 'Address', 'Port'], rows };
}

/** The domain's name is that of the BMC, by which all verbs know it. */
export function showTable({ name, status, address, port, configuration }: BmcDetail): Table {
  const rows: readonly (readonly [string, Cell])[] = [
    ['active', isActive(status)],
    ['address', address],
    ['domain_name', name],
    ['libvirt_sasl_password', HIDDEN],
    ['libvirt_sasl_username', configuration?.libvirtSasl === true ? HIDDEN : null],
    ['libvirt_uri', configuration?.connectionUri ?? null],
    ['password', HIDDEN],
    ['port', port],
    ['status', words[status]],
    ['username', configuration?.users[0]?.name ?? null],
  ];
  return { columns: ['Property', 'Value'], rows };
}

/** As Python spells it; unknown when the inventory entry has errors. */
function isActive(status: BmcStatus): string | null {
  if (status === 'invalid') return null;
  return status === 'stopped' || status === 'stopping' ? 'False' : 'True';
}
