/** `vbmc status` */
import type { DaemonStatus } from '../../control/daemon-status.ts';
import { printable } from '../../text/printable.ts';
import { fetchJson } from '../control-client.ts';
import { defineCommand } from '../define-command.ts';
import { exitCodes, questionExitCodes } from '../exit-code.ts';
import { formatDuration } from '../format-duration.ts';
import { flag } from '../options.ts';
import { printJson } from '../output.ts';

export const statusCommand = defineCommand({
  name: 'status',
  description: 'show the state of vbmcd: its uptime, the last reload, how many BMCs are in which state',
  options: { json: flag('print JSON: one object') },
  help: {
    exitCodes: questionExitCodes,
    examples: ['vbmc status', 'vbmc status --json | jq .bmcs.byStatus'],
  },
  run: async ({ runDir, json }, output) => {
    const status = await fetchJson<DaemonStatus>(runDir, '/v1/status', ['bmcs', 'version']);
    if (json) printJson(output, status);
    else output.result(renderStatus(status));
    return exitCodes.done;
  },
});

function describeKept({
  connectionUri,
  state,
  seconds,
  cause,
}: DaemonStatus['keptConnections'][number]): string {
  const why = cause === null ? '' : `: ${printable(cause, 600)}`;
  return `${printable(connectionUri, 200)} ${keptWords[state]} ${formatDuration(seconds * 1000)}${why}`;
}

const keptWords: Readonly<Record<DaemonStatus['keptConnections'][number]['state'], string>> = {
  idle: 'not used for',
  connecting: 'connecting for',
  standing: 'stands for',
  pausing: 'no connection for',
};

/** A vbmcd of an earlier version keeps no connections. */
type AnyStatus = Omit<DaemonStatus, 'keptConnections'> & Partial<Pick<DaemonStatus, 'keptConnections'>>;

export function renderStatus(status: AnyStatus): string {
  const {
    version,
    pid,
    startedAt,
    uptimeSeconds,
    inventoryPath,
    lastReload,
    bmcs,
    keptConnections = [],
  } = status;
  const counts = Object.entries(bmcs.byStatus).map(([name, count]) => `${count} ${name}`);
  const reloaded = lastReload === null ? 'none since the start' : `${lastReload.at}, ${lastReload.outcome}`;
  const lines: readonly (readonly [string, string])[] = [
    ['vbmcd', `${version}, pid ${pid}`],
    ['running since', `${startedAt} (${formatDuration(uptimeSeconds * 1000)})`],
    ['inventory', printable(inventoryPath, 1000)],
    ['last reload', reloaded],
    ['BMCs', [String(bmcs.total), ...(counts.length > 0 ? [counts.join(', ')] : [])].join(': ')],
    ...keptConnections.map((kept) => ['kept', describeKept(kept)] as const),
  ];
  return lines.map(([what, value]) => `${`${what}:`.padEnd(15)}${value}\n`).join('');
}
