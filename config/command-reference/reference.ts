/** docs/ipmi-commands.md: every command of this BMC, from the registry that answers them. */
import { netFn, type NetFn } from '@vbmc/ipmi-codec';
import { commandHandlers } from '#worker/core/request/command-registry.ts';
import type { CommandHandler } from '#worker/core/request/commands/handler.ts';
import { recordCommands } from '#worker/core/request/record-commands.ts';
import { settingCommands } from '#worker/core/request/setting-commands.ts';
import { commandTexts } from './texts.ts';

/** Of the network functions that have commands, in the order of their numbers. */
const titles: readonly (readonly [NetFn, string])[] = [
  ['chassis', 'Chassis'],
  ['sensorEvent', 'Sensors and events'],
  ['app', 'The BMC, sessions, users'],
  ['storage', 'FRU, sensor data records, event log'],
  ['transport', 'LAN'],
  ['groupExtension', 'DCMI'],
];

export const allCommands: readonly CommandHandler[] = [
  ...commandHandlers,
  ...settingCommands,
  ...recordCommands,
];

const HEAD = `# IPMI commands

Made by \`npm run reference\` from the commands that a BMC answers. "Privilege" is the least level that a session needs; commands with
"none" are answered without a session too. Every other command is answered C1h (invalid command) in a session, and D4h outside one.
\`ipmitool raw\` takes the two numbers as they stand here; DCMI commands have DCh as their first data byte.
`;

export function commandReference(): string {
  return [HEAD, ...titles.map(([name, title]) => tableOf(name, title))].join('\n');
}

function tableOf(name: NetFn, title: string): string {
  const rows = allCommands
    .filter(({ command }) => command.netFn === name)
    .sort((one, other) => one.command.code - other.command.code)
    .map(({ command, privilege }) => {
      const text = commandTexts[command.name] ?? '';
      return `| ${hex(netFn[name])} ${hex(command.code)} | ${command.name} | ${privilege} | ${text} |`;
    });
  const head = ['| Code | Command | Privilege | What it does here |', '| --- | --- | --- | --- |'];
  return [`## ${title}\n`, ...head, ...rows, ''].join('\n');
}

function hex(value: number): string {
  return `0x${value.toString(16).padStart(2, '0')}`;
}
