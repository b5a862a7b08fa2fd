/** `vbmc show NAME` */
import type { BmcDetail } from '../../status/bmc-detail.ts';
import { fetchJson } from '../control-client.ts';
import { defineCommand } from '../define-command.ts';
import { exitCodes, questionExitCodes } from '../exit-code.ts';
import { printTable, showFormatOptions, wantsFormat } from '../formatters/format-options.ts';
import { flag } from '../options.ts';
import { printJson } from '../output.ts';
import { renderDetail } from './render-detail.ts';
import { showTable } from './virtualbmc-tables.ts';

export const showCommand = defineCommand({
  name: 'show',
  description: 'show everything vbmcd knows about one BMC',
  arguments: [{ flags: '<name>', description: 'the BMC', completes: 'bmcs' }],
  options: {
    json: flag('print JSON: one object'),
    details: flag('print the text for people, also when standard output is no terminal'),
    ...showFormatOptions,
  },
  help: {
    paragraphs: [
      'Shows the configuration without secrets, the open sessions, the last failed logins and power commands, the power state and its age, the last virsh calls with their durations, and the causes of worker restarts. A power command is marked late when it ended after its client had received a time-out.',
      'When standard output is no terminal, or with -f or an option that belongs to it, vbmc prints what VirtualBMC prints: the columns Property and Value. -f shell prints assignments for a shell; -c then names properties.',
    ],
    exitCodes: questionExitCodes,
    examples: [
      'vbmc show node-0',
      'vbmc show node-0 --details | less',
      'vbmc show node-0 --json | jq .sessions',
      'eval "$(vbmc show node-0 -f shell -c port -c status)"',
    ],
  },
  run: async ({ runDir, json, details, ...format }, output, [name = '']) => {
    const formatted = wantsFormat(format, { '--json': json, '--details': details }, output);
    const path = `/v1/bmcs/${encodeURIComponent(name)}`;
    const detail = await fetchJson<BmcDetail>(runDir, path, ['name', 'failedLogins']);
    if (json) printJson(output, detail);
    else if (formatted) await printTable(showTable(detail), format, output, process.env);
    else output.result(renderDetail(detail, Date.now()));
    return exitCodes.done;
  },
});
