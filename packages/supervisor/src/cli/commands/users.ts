/** `vbmc users` */
import type { BmcDetail } from '../../status/bmc-detail.ts';
import { counted } from '../../text/counted.ts';
import { printable } from '../../text/printable.ts';
import { callerName } from '../caller-name.ts';
import { exchange, fetchJson, refusalOf } from '../control-client.ts';
import { defineCommand, jsonOption } from '../define-command.ts';
import { UsageError } from '../errors.ts';
import { exitCodes, questionExitCodes } from '../exit-code.ts';
import { printJson } from '../output.ts';
import { renderTable } from '../text-table.ts';

const verbs = ['list', 'reset'] as const;
const header = ['ID', 'USER', 'PRIVILEGE', 'FROM'];

interface ListedUser {
  /** The user id. */
  readonly id: number;
  readonly name: string;
  readonly privilege: string;
  /** Whether they can log in. */
  readonly complete: boolean;
  readonly from: 'inventory' | 'IPMI';
}

export const usersCommand = defineCommand({
  name: 'users',
  description: 'list the users of a BMC, or remove those that clients have made by IPMI',
  arguments: [
    { flags: '<what>', description: 'list or reset', choices: verbs },
    { flags: '<name>', description: 'the BMC', completes: 'bmcs' },
  ],
  options: { json: jsonOption },
  help: {
    paragraphs: [
      'With user_changes = yes a client with the level administrator can make users by IPMI, beside those of the inventory. vbmcd keeps them with their passwords in its state directory, and they last until they are removed by IPMI or with vbmc users reset, which also ends their sessions.',
    ],
    exitCodes: questionExitCodes,
    examples: ['vbmc users list node-0', 'vbmc users reset node-0'],
  },
  run: async ({ runDir, json }, output, [what, name]) => {
    if (name === undefined || !verbs.some((verb) => verb === what))
      throw new UsageError('write vbmc users list NAME or vbmc users reset NAME');
    if (what === 'reset') {
      const removed = await reset(runDir, name);
      if (json) printJson(output, { bmc: name, removed });
      else output.result(`${counted(removed, 'user')} made by IPMI removed\n`);
      return exitCodes.done;
    }
    const path = `/v1/bmcs/${encodeURIComponent(name)}`;
    const users = listedUsers(await fetchJson<BmcDetail>(runDir, path, ['name']));
    if (json) printJson(output, { bmc: name, users });
    else output.result(renderUsers(users));
    return exitCodes.done;
  },
});

async function reset(runDirectory: string, bmc: string): Promise<number> {
  const query = new URLSearchParams({ bmc, by: callerName() });
  const answer = await exchange(runDirectory, 'POST', `/v1/reset_users?${query.toString()}`);
  if (answer.status !== 200) throw refusalOf(answer, '/v1/reset_users');
  const { removed } = JSON.parse(answer.body) as { removed: number };
  return removed;
}

function listedUsers({ configuration }: BmcDetail): readonly ListedUser[] {
  if (configuration === null) return [];
  const { users, ipmiUsers } = configuration;
  return [
    // User id 1 belongs to the user without a name.
    ...users.map((user, at) => ({ id: at + 2, ...user, complete: true, from: 'inventory' as const })),
    ...ipmiUsers.map((user) => ({ ...user, from: 'IPMI' as const })),
  ];
}

export function renderUsers(users: readonly ListedUser[]): string {
  const rows = users.map(({ id, name, privilege, complete, from }) =>
    [
      ...[String(id), name === '' ? '-' : `"${name}"`],
      `${privilege === 'noAccess' ? 'no access' : privilege}${complete ? '' : ', cannot log in'}`,
      from,
    ].map((cell) => printable(cell, 100)),
  );
  return renderTable(header, rows);
}
