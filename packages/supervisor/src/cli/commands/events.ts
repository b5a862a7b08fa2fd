/** `vbmc events` */
import type { EventRecord } from '../../control/event-ring.ts';
import { printable } from '../../text/printable.ts';
import type { Command, OptionValues } from '../command.ts';
import { followLines } from '../follow-lines.ts';
import { exitCodes, QUESTION_EXIT_CODE_HELP } from '../exit-code.ts';
import { reportingFailures } from '../errors.ts';
import { fetchJson } from '../control-client.ts';

export const events: Command = {
  name: 'events',
  description: 'show what has happened: logins, power commands, crashes, reloads',
  options: [
    { flags: '--follow', description: 'go on with what happens from now, until interrupted' },
    { flags: '--bmc <name>', description: 'of this BMC only' },
    { flags: '--last <n>', description: 'how many of the past, up to 1000', defaultValue: '50' },
    { flags: '--json', description: 'print JSON: one object per line' },
  ],
  help: `
vbmcd keeps the last 1000 events since its start; the log has them all.
${QUESTION_EXIT_CODE_HELP}

Examples:
  vbmc events
  vbmc events --follow --bmc node-0
  vbmc events --last 1000 --json | jq 'select(.event == "sessionRefused")'`,
  run: reportingFailures(async (options, output) => {
    const last = String(options['last']);
    if (!/^[1-9][0-9]{0,3}$/.test(last) || Number(last) > 1000) {
      output.problem('vbmc: --last takes a whole number from 1 to 1000\n');
      return exitCodes.usage;
    }
    const runDirectory = String(options['runDir']);
    const show = (record: EventRecord): void => {
      if (isWanted(record, options)) output.result(renderEvent(record, options['json'] === true));
    };
    const path = `/v1/events?limit=${last}`;
    if (options['follow'] !== true) {
      const answer = await fetchJson<{ events: readonly EventRecord[] }>(runDirectory, path, ['events']);
      for (const record of answer.events) show(record);
      return exitCodes.done;
    }
    await followLines(runDirectory, `${path}&follow=1`, (line) => {
      show(JSON.parse(line) as EventRecord);
    });
    output.problem('vbmc: vbmcd has ended\n');
    return exitCodes.daemonNotRunning;
  }),
};

function isWanted(record: EventRecord, options: OptionValues): boolean {
  return options['bmc'] === undefined || record.bmc === options['bmc'];
}

export function renderEvent(record: EventRecord, asJson: boolean): string {
  if (asJson) return `${JSON.stringify(record)}\n`;
  const subject = record.bmc === null ? '' : `${printable(record.bmc)}: `;
  return `${record.at} ${record.level.padEnd(5)} ${subject}${printable(record.message, 2000)}\n`;
}
