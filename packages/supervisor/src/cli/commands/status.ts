/** `vbmc status` */
import type { DaemonStatus } from '../../control/daemon-status.ts';
import { printable } from '../../text/printable.ts';
import type { Command } from '../command.ts';
import { fetchJson } from '../control-client.ts';
import { exitCodes, QUESTION_EXIT_CODE_HELP } from '../exit-code.ts';
import { reportingFailures } from '../errors.ts';
import { formatDuration } from '../format-duration.ts';

export const status: Command = {
  name: 'status',
  description: 'show vbmcd itself: since when it runs, the last reload, how many BMCs are in which state',
  options: [{ flags: '--json', description: 'print JSON: one object' }],
  help: `${QUESTION_EXIT_CODE_HELP}

Examples:
  vbmc status
  vbmc status --json | jq .bmcs.byStatus`,
  run: reportingFailures(async (options, output) => {
    const answer = await fetchJson<DaemonStatus>(String(options['runDir']), '/v1/status', [
      'bmcs',
      'version',
    ]);
    output.result(options['json'] === true ? `${JSON.stringify(answer, null, 2)}\n` : renderStatus(answer));
    return exitCodes.done;
  }),
};

export function renderStatus(answer: DaemonStatus): string {
  const { version, pid, startedAt, uptimeSeconds, inventoryPath, lastReload, bmcs } = answer;
  const counts = Object.entries(bmcs.byStatus).map(([name, count]) => `${count} ${name}`);
  const reloaded = lastReload === null ? 'none since the start' : `${lastReload.at}, ${lastReload.outcome}`;
  const lines: readonly (readonly [string, string])[] = [
    ['vbmcd', `${version}, pid ${pid}`],
    ['running since', `${startedAt} (${formatDuration(uptimeSeconds * 1000)})`],
    ['inventory', printable(inventoryPath, 1000)],
    ['last reload', reloaded],
    ['BMCs', [String(bmcs.total), ...(counts.length > 0 ? [counts.join(', ')] : [])].join(': ')],
  ];
  return lines.map(([what, value]) => `${`${what}:`.padEnd(15)}${value}\n`).join('');
}
