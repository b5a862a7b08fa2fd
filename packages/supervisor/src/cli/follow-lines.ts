/** Reads an answer of vbmcd that comes line by line and does not end by itself. */
import { request, type IncomingMessage } from 'node:http';
import { createLineSplitter } from '@vbmc/bmc-worker/ipc';
import { clientSocketPath } from '../host/run-directory.ts';
import { explainConnectionFailure, refusalOf } from './control-client.ts';

/** For the answer to begin. */
const DEADLINE_MS = 10_000;
/** In characters; far more than any event or refusal has. */
const MAXIMUM_LINE_LENGTH = 65_536;

/** Resolves when vbmcd ends the answer, or `until` is aborted. Throws `ControlFailure`. */
export async function followLines(
  runDirectory: string,
  path: string,
  onLine: (line: string) => void,
  until?: AbortSignal,
): Promise<void> {
  const socketPath = clientSocketPath(runDirectory);
  await new Promise<void>((resolve, reject) => {
    const asked = request({ socketPath, path }, (response) => {
      if (response.statusCode !== 200) {
        void readBody(response).then((body) => {
          clearTimeout(deadline);
          reject(refusalOf({ status: response.statusCode ?? 0, body }, path));
        });
        return;
      }
      clearTimeout(deadline);
      const splitter = createLineSplitter(MAXIMUM_LINE_LENGTH);
      response.setEncoding('utf8');
      response.on('data', (piece: string) => {
        for (const line of splitter.push(piece)) onLine(line);
      });
      response.on('close', resolve);
      until?.addEventListener('abort', () => asked.destroy());
      // Cut off in the middle: vbmcd has ended.
      response.on('error', () => {
        resolve();
      });
    });
    const deadline = setTimeout(() => asked.destroy(), DEADLINE_MS);
    asked.on('error', (error) => {
      clearTimeout(deadline);
      reject(explainConnectionFailure(error, socketPath, DEADLINE_MS));
    });
    asked.end();
  });
}

/** What has come of it before its end, its length limit or the request's deadline. */
async function readBody(response: IncomingMessage): Promise<string> {
  let body = '';
  response.setEncoding('utf8');
  return new Promise((resolve) => {
    response.on('data', (piece: string) => {
      body += piece;
      if (body.length > MAXIMUM_LINE_LENGTH) response.destroy();
    });
    // Cut off as well.
    response.on('error', () => undefined);
    response.on('close', () => {
      resolve(body);
    });
  });
}
