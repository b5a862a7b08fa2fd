/** `vbmc show NAME` */
import type { BmcDetail } from '../../status/bmc-detail.ts';
import type { Command } from '../command.ts';
import { exitCodes, QUESTION_EXIT_CODE_HELP } from '../exit-code.ts';
import { reportingFailures } from '../errors.ts';
import { fetchJson } from '../control-client.ts';
import { renderDetail } from './render-detail.ts';

export const show: Command = {
  name: 'show',
  description: 'show all that is known about one BMC',
  arguments: [{ flags: '<name>', description: 'the BMC', completes: 'bmcs' }],
  options: [{ flags: '--json', description: 'print JSON: one object' }],
  help: `
Shows the configuration without its secrets, the open sessions, the last failed logins and power commands,
the power state and how old that knowledge is, the last calls of virsh with their durations, and why the
worker was restarted. A power command that ended after its client had been told of a time-out is marked late.
${QUESTION_EXIT_CODE_HELP}

Examples:
  vbmc show node-0
  vbmc show node-0 --json | jq .sessions`,
  run: reportingFailures(async (options, output, [name = '']) => {
    const path = `/v1/bmcs/${encodeURIComponent(name)}`;
    const detail = await fetchJson<BmcDetail>(String(options['runDir']), path, ['name', 'failedLogins']);
    output.result(
      options['json'] === true ? `${JSON.stringify(detail, null, 2)}\n` : renderDetail(detail, Date.now()),
    );
    return exitCodes.done;
  }),
};
