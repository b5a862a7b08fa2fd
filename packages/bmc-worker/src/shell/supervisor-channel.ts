/** The worker's end of the channel to its supervisor: descriptor 3, a line of JSON for each message. */
import { Socket } from 'node:net';
import { createLineSplitter } from '../ipc/line-splitter.ts';
import { CHANNEL_FD, MAXIMUM_SUPERVISOR_LINE, messageLine, parseLine } from '../ipc/message-lines.ts';
import type { SupervisorMessage, WorkerMessage } from '../ipc/protocol.ts';

/** How long the last messages may take, when the process is about to end. */
const LEAVE_MS = 500;

export interface SupervisorChannel {
  send(message: WorkerMessage): void;
  /** What the supervisor has not read yet, beyond what the kernel keeps for it. */
  unreadBytes(): number;
  /** Ends the process when the supervisor has been sent everything, or soon if it does not read. */
  leave(): void;
}

/**
 * Ends the process when the supervisor has closed the channel or has gone: no process would restart or stop this worker. The
 * supervisor is trusted; a line that is no message is a bug, and throws.
 */
export function openSupervisorChannel(onMessage: (message: SupervisorMessage) => void): SupervisorChannel {
  const socket = new Socket({ fd: CHANNEL_FD, readable: true, writable: true });
  const splitter = createLineSplitter(MAXIMUM_SUPERVISOR_LINE);
  socket.setEncoding('utf8');
  socket.on('data', (piece: string) => {
    for (const line of splitter.push(piece)) onMessage(readMessage(line));
  });
  // `close` follows.
  socket.on('error', () => undefined);
  socket.on('close', () => process.exit(0));
  return {
    send(message) {
      if (socket.writable) socket.write(messageLine(message));
    },
    unreadBytes: () => socket.writableLength,
    leave() {
      setTimeout(() => process.exit(0), LEAVE_MS);
      socket.end(() => process.exit(0));
    },
  };
}

function readMessage(line: string): SupervisorMessage {
  const message = parseLine(line);
  if (typeof message === 'object' && message !== null && 'type' in message)
    return message as SupervisorMessage;
  throw new Error(`vbmcd sent a line of ${line.length} characters that is no message`);
}
