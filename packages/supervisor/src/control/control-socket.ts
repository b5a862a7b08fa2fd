/** The control socket: HTTP and JSON on a unix socket, for the CLI and `curl --unix-socket`. */
import { chown, rename, rm, stat } from 'node:fs/promises';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { dirname, join } from 'node:path';
import { readControlRequest, type ControlRequest } from './control-request.ts';
import type { Clock } from '../host/clock.ts';
import { limitConnections } from '../host/limit-connections.ts';
import { oneRequestEach } from '../host/one-request-each.ts';
import type { Log } from '../log/log.ts';
import { Quota } from '../log/log-quota.ts';

/** Mode 0660: a client that may connect may read everything that the interface answers, and reload. */
const SOCKET_UMASK = 0o117;
const REQUEST_TIMEOUT_MS = 5_000;
/** How long a client may take to read the next piece of its answer. */
const ANSWER_TIMEOUT_MS = 10_000;
const MAXIMUM_CONNECTIONS = 256;
/** A full socket is logged once in this time. */
const FULL_LOG_PERIOD_MS = 60_000;

/** A complete answer. */
export interface Answer {
  /** The HTTP status code. */
  readonly status: number;
  /** Sent as JSON, or unchanged if there is a content type. */
  readonly body: unknown;
  readonly contentType?: string;
}

/** Answers a request; `undefined` when it has taken over the response itself. */
export type Answerer = (request: ControlRequest, response: ServerResponse) => Promise<Answer | undefined>;

/** A socket is bound under this name, which is shorter than its own, and moved into place when it listens. */
const NEW_SOCKET = 'new.sock';

/** Resolves when `path` is bound; replaces a file that is there. Rejects with Node's error when it cannot be bound. */
export async function listenOnControlSocket(
  path: string,
  answerer: Answerer,
  { clock, log }: { readonly clock: Pick<Clock, 'now'>; readonly log: Log },
): Promise<Server> {
  const server = createServer(
    {
      maxHeaderSize: 8192,
      requestTimeout: REQUEST_TIMEOUT_MS,
      headersTimeout: REQUEST_TIMEOUT_MS,
      connectionsCheckingInterval: 1_000,
    },
    oneRequestEach((request, response) => {
      void answer(request, response, answerer, log);
    }),
  );
  limitConnections(server, MAXIMUM_CONNECTIONS, fullLog(path, clock, log));
  const newPath = join(dirname(path), NEW_SOCKET);
  await rm(newPath, { force: true });
  await new Promise<void>((resolve, reject) => {
    // Later errors are of `accept` (EMFILE): the client waits, and may be accepted later.
    server.on('error', reject);
    // The umask gives the socket its mode at creation, so that it is never open to all local users.
    const umask = process.umask(SOCKET_UMASK);
    server.listen(newPath, resolve);
    process.umask(umask);
  });
  await rename(newPath, path);
  return server;
}

function fullLog(path: string, { now }: Pick<Clock, 'now'>, log: Log): () => void {
  const quota = new Quota(1, FULL_LOG_PERIOD_MS);
  return () => {
    const taken = quota.take(now());
    if (!taken.granted) return;
    const closed = taken.missed + 1;
    const message = `clients hold all ${MAXIMUM_CONNECTIONS} connections of ${path}: vbmcd has closed ${closed} that sent no request or read no answer`;
    log('warn', message, { event: 'controlConnectionsFull', closed });
  };
}

/**
 * Lets the members of a group connect. Rejects with Node's error when the system refuses that. Calls chown only to change
 * the group, because the sandbox of a service may forbid chown.
 */
export async function giveToGroup(path: string, groupId: number): Promise<void> {
  if ((await stat(path)).gid !== groupId) await chown(path, -1, groupId);
}

async function answer(
  request: IncomingMessage,
  response: ServerResponse,
  answerer: Answerer,
  log: Log,
): Promise<void> {
  // The client disconnected during its answer.
  response.on('error', () => undefined);
  if (
    request.headers['transfer-encoding'] !== undefined ||
    Number(request.headers['content-length'] ?? 0) !== 0
  ) {
    send(response, { status: 413, body: { error: 'no request of this interface has a body' } });
    return;
  }
  const [method, target] = [request.method ?? '', request.url ?? ''];
  const asked = readControlRequest(method, target);
  if (asked.kind === 'refused') {
    send(response, { status: asked.status, body: { error: asked.error } });
    return;
  }
  try {
    const answered = await answerer(asked, response);
    if (answered !== undefined) send(response, answered);
  } catch (error) {
    log('error', `${method} ${target} failed: ${String(error)}`);
    send(response, { status: 500, body: { error: 'internal error, see the log of vbmcd' } });
  }
}

function send(response: ServerResponse, { status, body, contentType }: Answer): void {
  if (response.destroyed) return;
  response.setTimeout(ANSWER_TIMEOUT_MS, () => response.destroy());
  response.writeHead(status, { 'content-type': contentType ?? 'application/json; charset=utf-8' });
  response.end(contentType === undefined ? `${JSON.stringify(body)}\n` : body);
}
