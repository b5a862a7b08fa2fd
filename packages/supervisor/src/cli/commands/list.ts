/** `vbmc list` */
import { setTimeout as delay } from 'node:timers/promises';
import type { BmcListing } from '../../status/bmc-listing.ts';
import { printable } from '../../text/printable.ts';
import { formatEndpoint } from '../../text/endpoint.ts';
import type { Command } from '../command.ts';
import { fetchListings } from '../control-client.ts';
import { exitCodes, QUESTION_EXIT_CODE_HELP } from '../exit-code.ts';
import { reportingFailures } from '../errors.ts';
import { renderTable } from '../text-table.ts';

const WATCH_INTERVAL_MS = 2_000;
/** Cursor home, and clear what is below. */
const CLEAR_SCREEN = '\u001b[H\u001b[J';

export const list: Command = {
  name: 'list',
  description: 'show every BMC of the inventory',
  options: [
    { flags: '--watch', description: 'again every 2 seconds, until interrupted' },
    {
      flags: '--json',
      description: 'print JSON: an array with one object per BMC; with --watch one per line',
    },
  ],
  help: `
Status:
  running     answers on its address and port
  starting, stopping, stopped
  failing     its worker hangs or has grown too big, was killed and is about to be replaced
  backingOff  its worker ended unasked and is started again shortly
  bindFailed  its port is taken or its address not there yet; it starts as soon as both can be had
  invalid     its inventory entry has errors
${QUESTION_EXIT_CODE_HELP}

Examples:
  vbmc list
  vbmc list --watch
  vbmc --run-dir /tmp/lab list --json`,
  run: reportingFailures(async (options, output) => {
    const [runDirectory, asJson] = [String(options['runDir']), options['json'] === true];
    for (;;) {
      const listings = await fetchListings(runDirectory);
      if (options['watch'] !== true) {
        output.result(asJson ? `${JSON.stringify(listings, null, 2)}\n` : renderListings(listings));
        return exitCodes.done;
      }
      output.result(asJson ? `${JSON.stringify(listings)}\n` : `${CLEAR_SCREEN}${renderListings(listings)}`);
      await delay(WATCH_INTERVAL_MS);
    }
  }),
};

/** The table for people; the last column appears only when something has to be explained. */
export function renderListings(listings: readonly BmcListing[]): string {
  const explained = listings.some(({ reason }) => reason !== null);
  const header = ['NAME', 'DOMAIN', 'ADDRESS:PORT', 'STATUS', 'POWER', 'PID', 'RESTARTS'];
  const rows = listings.map((bmc) => [
    printable(bmc.name),
    printable(bmc.domain ?? '-'),
    printable(formatEndpoint(bmc.address ?? '-', bmc.port ?? '-')),
    bmc.status,
    bmc.powerState,
    String(bmc.pid ?? '-'),
    String(bmc.restarts),
    ...(explained ? [printable(bmc.reason ?? '', 1000)] : []),
  ]);
  return renderTable(explained ? [...header, 'REASON'] : header, rows);
}
