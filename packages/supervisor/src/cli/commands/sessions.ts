/** `vbmc sessions` */
import type { BmcSessions } from '../../status/bmc-sessions.ts';
import { printable } from '../../text/printable.ts';
import { callerName } from '../caller-name.ts';
import { exchange, fetchJson, refusalOf } from '../control-client.ts';
import { defineCommand } from '../define-command.ts';
import { UsageError } from '../errors.ts';
import { exitCodes, questionExitCodes } from '../exit-code.ts';
import { formatDuration } from '../format-duration.ts';
import { flag, text } from '../options.ts';
import { printJson } from '../output.ts';
import { renderTable } from '../text-table.ts';

const header = ['BMC', 'ID', 'USER', 'SOURCE', 'PRIVILEGE', 'CIPHER SUITE', 'AGE', 'IDLE'];

export const sessionsCommand = defineCommand({
  name: 'sessions',
  description: 'list the open sessions of BMCs, or end one',
  arguments: [{ flags: '[name]', description: 'only this BMC; all if left out', completes: 'bmcs' }],
  options: {
    close: text('<id>', 'end this session of the BMC NAME'),
    json: flag('print JSON: one object'),
  },
  help: {
    paragraphs: [
      'A BMC has 63 sessions at most. Users of the levels callback and user get 40 of them together and 16 each, with operators 55; an administrator who logs in when there is no place ends the idlest session of a lower level.',
      'A session that is ended gets no answer any more; its client finds out when it waits in vain. The log names who has ended it.',
    ],
    exitCodes: questionExitCodes,
    examples: ['vbmc sessions', 'vbmc sessions node-0 --json', 'vbmc sessions node-0 --close 3-1k2fz'],
  },
  run: async ({ runDir, close, json }, output, [name]) => {
    if (close !== undefined) {
      if (name === undefined) throw new UsageError('--close needs the NAME of the BMC');
      await closeSession(runDir, name, close);
      return exitCodes.done;
    }
    const query = name === undefined ? '' : `?bmc=${encodeURIComponent(name)}`;
    const path = `/v1/sessions${query}`;
    const answer = await fetchJson<{ bmcs: readonly BmcSessions[] }>(runDir, path, ['bmcs']);
    if (json) printJson(output, answer);
    else output.result(renderSessions(answer.bmcs));
    return exitCodes.done;
  },
});

async function closeSession(runDirectory: string, bmc: string, session: string): Promise<void> {
  const query = new URLSearchParams({ bmc, session, by: callerName() });
  const answer = await exchange(runDirectory, 'POST', `/v1/close_session?${query.toString()}`);
  if (answer.status === 200) return;
  throw refusalOf(answer, '/v1/close_session');
}

export function renderSessions(bmcs: readonly BmcSessions[]): string {
  const rows = bmcs.flatMap(({ name, sessions }) =>
    (sessions ?? []).map((session) =>
      [
        ...[name, session.id, `"${session.user}"`, session.source],
        `${session.privilege} (up to ${session.privilegeLimit})`,
        session.cipherSuiteId === null ? 'IPMI 1.5' : String(session.cipherSuiteId),
        ...[formatDuration(session.ageMs), formatDuration(session.idleMs)],
      ].map((cell) => printable(cell, 500)),
    ),
  );
  const silent = bmcs.filter(({ sessions }) => sessions === null).map(({ name }) => printable(name));
  const unknown = silent.length === 0 ? '' : `unknown, no worker answers: ${silent.join(', ')}\n`;
  return `${renderTable(header, rows)}${unknown}`;
}
