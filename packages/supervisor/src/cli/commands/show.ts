/** `vbmc show NAME` */
import type { BmcDetail } from '../../status/bmc-detail.ts';
import { fetchJson } from '../control-client.ts';
import { defineCommand } from '../define-command.ts';
import { exitCodes, questionExitCodes } from '../exit-code.ts';
import { flag } from '../options.ts';
import { printJson } from '../output.ts';
import { renderDetail } from './render-detail.ts';

export const showCommand = defineCommand({
  name: 'show',
  description: 'show everything vbmcd knows about one BMC',
  arguments: [{ flags: '<name>', description: 'the BMC', completes: 'bmcs' }],
  options: { json: flag('print JSON: one object') },
  help: {
    paragraphs: [
      'Shows the configuration without secrets, the open sessions, the last failed logins and power commands, the power state and its age, the last virsh calls with their durations, and the causes of worker restarts. A power command is marked late when it ended after its client had received a time-out.',
    ],
    exitCodes: questionExitCodes,
    examples: ['vbmc show node-0', 'vbmc show node-0 --json | jq .sessions'],
  },
  run: async ({ runDir, json }, output, [name = '']) => {
    const path = `/v1/bmcs/${encodeURIComponent(name)}`;
    const detail = await fetchJson<BmcDetail>(runDir, path, ['name', 'failedLogins']);
    if (json) printJson(output, detail);
    else output.result(renderDetail(detail, Date.now()));
    return exitCodes.done;
  },
});
