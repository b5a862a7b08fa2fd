/** `vbmc events` */
import type { EventRecord } from '../../control/event-ring.ts';
import { printable } from '../../text/printable.ts';
import { fetchJson } from '../control-client.ts';
import { defineCommand } from '../define-command.ts';
import { exitCodes, questionExitCodes } from '../exit-code.ts';
import { followLines } from '../follow-lines.ts';
import { flag, numberOr, text } from '../options.ts';

const eventCount = { minimum: 1, maximum: 1000, what: 'a number of events' };

export const eventsCommand = defineCommand({
  name: 'events',
  description: 'show recent events: logins, power commands, crashes, reloads',
  options: {
    follow: flag('keep printing new events until interrupted'),
    bmc: text('<name>', 'print only the events of this BMC'),
    last: numberOr(50, eventCount, '<n>', 'how many past events to print, at most 1000'),
    json: flag('print JSON: one object per line'),
  },
  help: {
    paragraphs: ['vbmcd keeps the last 1000 events since its start; its log has all of them.'],
    exitCodes: questionExitCodes,
    examples: [
      'vbmc events',
      'vbmc events --follow --bmc node-0',
      `vbmc events --last 1000 --json | jq 'select(.event == "sessionRefused")'`,
    ],
  },
  run: async ({ runDir, follow, bmc, last, json }, output) => {
    const print = (record: EventRecord): void => {
      if (bmc === undefined || record.bmc === bmc) output.result(renderEvent(record, json));
    };
    const path = `/v1/events?limit=${last}`;
    if (!follow) {
      const { events } = await fetchJson<{ events: readonly EventRecord[] }>(runDir, path, ['events']);
      for (const record of events) print(record);
      return exitCodes.done;
    }
    const printLine = (line: string): void => {
      print(JSON.parse(line) as EventRecord);
    };
    await followLines(runDir, `${path}&follow=1`, printLine, output.closed);
    if (output.closed?.aborted === true) return exitCodes.done;
    output.problem('vbmc: vbmcd has ended\n');
    return exitCodes.daemonNotRunning;
  },
});

export function renderEvent(record: EventRecord, asJson: boolean): string {
  if (asJson) return `${JSON.stringify(record)}\n`;
  const subject = record.bmc === null ? '' : `${printable(record.bmc)}: `;
  return `${record.at} ${record.level.padEnd(5)} ${subject}${printable(record.message, 2000)}\n`;
}
