/** `vbmc events` */
import { levelsBySeverity } from '../../control/event-filter.ts';
import type { EventRecord } from '../../control/event-record.ts';
import { shown } from '../../inventory/field-checks.ts';
import { eventKinds } from '../../log/event-kinds.ts';
import { printable } from '../../text/printable.ts';
import { fetchJson } from '../control-client.ts';
import { defineCommand } from '../define-command.ts';
import { UsageError } from '../errors.ts';
import { exitCodes, questionExitCodes } from '../exit-code.ts';
import { followLines } from '../follow-lines.ts';
import { choice, flag, numberOr, text, type Option } from '../options.ts';
import { readInstant } from '../read-instant.ts';

const eventCount = { minimum: 1, maximum: 1000, what: 'a number of events' };

/** A past instant, as ISO 8601 in UTC. */
const since: Option<string | undefined> = {
  value: '<when>',
  description: 'print only events since then: 90s, 15m, 2h, 1d ago, or a date and time',
  read: (given, flagName) => {
    if (typeof given !== 'string') return undefined;
    const instant = readInstant(given, Date.now());
    if (instant !== undefined) return instant;
    throw new UsageError(
      `${flagName}: ${printable(given)} is neither an age (90s, 15m, 2h, 1d) nor a date and time`,
    );
  },
};

const kinds: Option<readonly string[]> = {
  value: '<kinds>',
  description: 'print only events of these kinds, with commas between them',
  read: (given, flagName) => {
    if (typeof given !== 'string') return [];
    const wanted = given.split(',').map((kind) => kind.trim());
    const unknown = wanted.find((kind) => !eventKinds.includes(kind));
    if (unknown === undefined) return wanted;
    throw new UsageError(`${flagName}: ${printable(shown(unknown))} is no kind of event`, {
      remedy: `the kinds are ${eventKinds.join(', ')}`,
    });
  },
};

export const eventsCommand = defineCommand({
  name: 'events',
  description: 'show recent events: logins, power commands, crashes, reloads',
  arguments: [{ flags: '[name]', description: 'print only the events of this BMC', completes: 'bmcs' }],
  options: {
    follow: flag('keep printing new events until interrupted'),
    bmc: text('<name>', 'the same as NAME'),
    level: choice(levelsBySeverity, '<level>', 'print only events of this level and more serious ones'),
    kind: kinds,
    since,
    last: numberOr(50, eventCount, '<n>', 'how many past events to print, at most 1000'),
    json: flag('print JSON: one object per line'),
  },
  help: {
    paragraphs: [
      'vbmcd keeps the last events since its start; its log has all of them. It keeps 1000 of power and boot commands, crashes, reloads and the like, and apart from these 500 each of sessions, of lock-outs and logins given up, and of refused logins: no number of logins pushes a power command out. Of too many events the BMC with the most loses its oldest one.',
      'An event that is a session of the same user from the same address as one less than a minute before is counted, and told with the others after that minute. With --json, each event has its kind in the field event.',
      `The kinds of events: ${eventKinds.join(', ')}.`,
    ],
    exitCodes: questionExitCodes,
    examples: [
      'vbmc events',
      'vbmc events node-0 --follow',
      'vbmc events --kind domainActionFinished --since 2h',
      'vbmc events --level warn --last 1000 --json',
    ],
  },
  run: async ({ runDir, follow, bmc, level, kind, last, json, since: notBefore }, output, [name]) => {
    if (name !== undefined && bmc !== undefined && name !== bmc)
      throw new UsageError('--bmc and NAME name different BMCs');
    const print = (record: EventRecord): void => {
      output.result(renderEvent(record, json));
    };
    const query = new URLSearchParams({ limit: String(last) });
    const wanted = { bmc: name ?? bmc, level, not_before: notBefore };
    for (const [key, value] of Object.entries(wanted)) if (value !== undefined) query.set(key, value);
    for (const one of kind) query.append('kind', one);
    const path = `/v1/events?${query.toString()}`;
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
