/**
 * How the messages travel: a socket pair, each message one line of JSON. Node's own `ipc` channel is not used: a line that is
 * no JSON, or one of Node's internal messages, makes Node throw in the process that receives it. Pure.
 */

/** The worker's end. */
export const CHANNEL_FD = 3;

/**
 * The longest line that a worker may send, in characters. The longest that one has to send is a message with 257 events, some
 * 75,000 characters if all names are as long as names can be.
 */
export const MAXIMUM_WORKER_LINE = 262_144;

/** The longest line that a worker takes from its supervisor: a configuration with some hundred users has 10,000 characters. */
export const MAXIMUM_SUPERVISOR_LINE = 4_194_304;

export function messageLine(message: object): string {
  return `${JSON.stringify(message)}\n`;
}

/** What a line says; `undefined` when it is no JSON, which has no such value. */
export function parseLine(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}
