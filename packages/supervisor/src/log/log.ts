/** The only importer of winston: one line per event on standard error, for people, for machines or for the journal. */
import { fstatSync } from 'node:fs';
import { Writable } from 'node:stream';
import winston from 'winston';
import { printable } from '../text/printable.ts';
import type { EventKind } from './event-kinds.ts';
import type { LogLevel } from './log-level.ts';
import { StandardError, type LineStream, type StandardErrorListener } from './standard-error.ts';

export const logLevels = ['error', 'warn', 'info', 'debug'] as const satisfies readonly LogLevel[];
export const logFormats = ['text', 'json', 'journal'] as const;
export type LogFormat = (typeof logFormats)[number];

/** Facts that go with a message; `bmc` leads the line in the formats for people. */
export interface LogFields {
  /** A line with a kind is an event. */
  readonly event?: EventKind;
  readonly [fact: string]: string | number | boolean;
}

export type Log = (level: LogLevel, message: string, fields?: LogFields) => void;

/** In characters. */
const LONGEST_LINE = 16_000;

/** What systemd strips from the beginning of a line and keeps as its priority (sd-daemon(3)). */
const journalPrefix: Readonly<Record<string, string>> = {
  error: '<3>',
  warn: '<4>',
  info: '<6>',
  debug: '<7>',
};

export interface ProcessLog {
  readonly log: Log;
  /** How many lines could not be written since the start. */
  readonly droppedLines: () => number;
}

export interface LogOptions extends Partial<StandardErrorListener> {
  /** Default: standard error. */
  readonly stream?: LineStream;
}

/** Writes to standard error; standard output is for results. */
export function createLog(
  level: LogLevel,
  format: LogFormat,
  { stream = process.stderr, failed = () => undefined, recovered = () => undefined }: LogOptions = {},
): ProcessLog {
  const { combine, timestamp, json, printf } = winston.format;
  /** One line, whatever names and texts of clients, files and libvirt are in it. */
  const textOf = ({ message, bmc }: winston.Logform.TransformableInfo): string =>
    printable(`${typeof bmc === 'string' ? `${bmc}: ` : ''}${String(message)}`, LONGEST_LINE);
  const formats: Readonly<Record<LogFormat, winston.Logform.Format>> = {
    text: printf((line) => `${String(line['timestamp'])} ${line.level.padEnd(5)} ${textOf(line)}`),
    json: json(),
    journal: printf((line) => `${journalPrefix[line.level] ?? ''}${textOf(line)}`),
  };
  const lines = new StandardError(stream, { failed, recovered });
  const sink = new Writable({
    decodeStrings: false,
    write: (line: string, _encoding, taken) => {
      lines.write(line);
      taken();
    },
  });
  // winston's types do not relate this class to its interface of a transport.
  const transport = new winston.transports.Stream({ stream: sink }) as unknown as winston.transport;
  const logger = winston.createLogger({
    level,
    format: combine(timestamp(), formats[format]),
    transports: [transport],
  });
  const log: Log = (messageLevel, message, fields = {}) => {
    // winston would format the line first and then discard it.
    if (logger.isLevelEnabled(messageLevel)) logger.log({ ...fields, level: messageLevel, message });
  };
  return { log, droppedLines: () => lines.dropped };
}

/** `journal` when systemd connected standard error to the journal (JOURNAL_STREAM names that stream); else `text`. */
export function defaultLogFormat(environment: NodeJS.ProcessEnv): LogFormat {
  const [device, inode] = (environment['JOURNAL_STREAM'] ?? '').split(':');
  if (device === undefined || inode === undefined) return 'text';
  const stderr = fstatSync(process.stderr.fd, { bigint: true });
  return String(stderr.dev) === device && String(stderr.ino) === inode ? 'journal' : 'text';
}
