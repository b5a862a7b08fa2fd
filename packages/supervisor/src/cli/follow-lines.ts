/** Reads an answer of vbmcd that comes line by line and does not end by itself. */
import { request } from 'node:http';
import { createLineSplitter } from '@vbmc/bmc-worker/ipc';
import { clientSocketPath } from '../host/run-directory.ts';
import { explainConnectionFailure } from './control-client.ts';
import { ControlFailure } from './errors.ts';
import { exitCodes } from './exit-code.ts';

/** For the answer to begin. */
const DEADLINE_MS = 10_000;
/** In characters; far more than any event has. */
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
      clearTimeout(deadline);
      if (response.statusCode !== 200) {
        const problem = `vbmcd answered with status ${response.statusCode ?? 0}`;
        reject(new ControlFailure(exitCodes.failed, problem));
        asked.destroy();
        return;
      }
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
