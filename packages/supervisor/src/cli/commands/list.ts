/** `vbmc list` */
import { setTimeout as delay } from 'node:timers/promises';
import type { BmcListing } from '../../status/bmc-listing.ts';
import { NO_ANSWER_YET } from '../../status/power-reading.ts';
import { formatEndpoint } from '../../text/endpoint.ts';
import { printable } from '../../text/printable.ts';
import { fetchListings } from '../control-client.ts';
import { defineCommand } from '../define-command.ts';
import { exitCodes, questionExitCodes } from '../exit-code.ts';
import { listFormatOptions, printTable, wantsFormat } from '../formatters/format-options.ts';
import { flag } from '../options.ts';
import { printJson, printJsonLine } from '../output.ts';
import { renderTable } from '../text-table.ts';
import { unansweredText } from './unanswered-text.ts';
import { listTable } from './virtualbmc-tables.ts';

const WATCH_INTERVAL_MS = 2_000;
/** Moves the cursor home and clears everything below it. */
const CLEAR_SCREEN = '\u001b[H\u001b[J';

export const listCommand = defineCommand({
  name: 'list',
  description: 'show every BMC of the inventory',
  options: {
    watch: flag('print the list again every 2 seconds, until interrupted'),
    json: flag('print JSON: an array with one object per BMC; with --watch, one array per line'),
    names: flag('print nothing but the names, one a line, as they are'),
    details: flag('print the table for people, also when standard output is no terminal'),
    ...listFormatOptions,
  },
  help: {
    paragraphs: [
      'On a terminal vbmc prints its own table for people. When standard output is no terminal, or with -f or an option that belongs to it, it prints what VirtualBMC prints: the columns Domain name, Status, Address and Port, where Status is running, down (which is starting, stopping or stopped) or error (which is everything else). CLIFF_MAX_TERM_WIDTH and CLIFF_FIT_WIDTH=1 in the environment do what --max-width and --fit-width do.',
    ],
    lists: [
      {
        title: 'Status',
        rows: [
          ['running', 'answers on its address and port'],
          ['starting', 'its worker is starting'],
          ['stopping', 'its worker is stopping'],
          ['stopped', 'it has no worker'],
          ['failing', 'its worker hangs or uses too much memory; vbmcd has killed it and will replace it'],
          ['backingOff', 'its worker ended unexpectedly; vbmcd restarts it shortly'],
          [
            'bindFailed',
            'its port is in use, or its address does not exist yet, or its host name has none; it starts once both are available',
          ],
          ['invalid', 'its inventory entry has errors'],
        ],
      },
    ],
    exitCodes: questionExitCodes,
    examples: [
      'vbmc list',
      'vbmc list --watch',
      'vbmc --run-dir /tmp/lab list --json',
      "vbmc list -f value -c 'Domain name' -c Status",
    ],
  },
  run: async ({ runDir, watch, json, names, details, ...format }, output) => {
    const { closed } = output;
    const own = { '--json': json, '--watch': watch, '--names': names, '--details': details };
    const formatted = wantsFormat(format, own, output);
    for (;;) {
      const listings = await fetchListings(runDir);
      if (!watch) {
        if (json) printJson(output, listings);
        else if (formatted) await printTable(listTable(listings), format, output, process.env);
        else output.result(names ? renderNames(listings) : renderListings(listings));
        return exitCodes.done;
      }
      if (json) printJsonLine(output, listings);
      else output.result(CLEAR_SCREEN + renderListings(listings));
      await delay(WATCH_INTERVAL_MS, undefined, { signal: closed }).catch(() => undefined);
      if (closed?.aborted === true) return exitCodes.done;
    }
  },
});

/** For programs. A name of an invalid section may hold a line break: such a BMC cannot be named by a line. */
function renderNames(listings: readonly BmcListing[]): string {
  const names = listings.map(({ name }) => name).filter((name) => !/\p{Cc}/u.test(name));
  return names.map((name) => `${name}\n`).join('');
}

/** The table for people; the last column appears only when there is something to explain. */
export function renderListings(listings: readonly BmcListing[]): string {
  const reasons = listings.map(explain);
  const explained = reasons.some((reason) => reason !== '');
  const header = ['NAME', 'DOMAIN', 'ADDRESS:PORT', 'STATUS', 'POWER', 'PID', 'RESTARTS'];
  const rows = listings.map((bmc, index) => [
    printable(bmc.name),
    printable(bmc.domain ?? '-'),
    printable(formatEndpoint(bmc.address ?? '-', bmc.port ?? '-')),
    bmc.status,
    bmc.powerState,
    String(bmc.pid ?? '-'),
    String(bmc.restarts),
    ...(explained ? [printable(reasons[index] ?? '', 1000)] : []),
  ]);
  return renderTable(explained ? [...header, 'REASON'] : header, rows);
}

function explain({ reason, warning, powerFailure, unanswered, identify }: BmcListing): string {
  const why = powerFailure === null || powerFailure === NO_ANSWER_YET ? [] : powerFailure;
  const unansweredReason = unanswered === null ? [] : unansweredText(unanswered);
  const lamp = identify === 'off' ? [] : 'identify lamp on';
  return [reason ?? [], warning ?? [], why, unansweredReason, lamp].flat().join('; ');
}
