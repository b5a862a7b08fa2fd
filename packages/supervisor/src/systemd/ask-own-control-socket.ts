import { request } from 'node:http';

/** Whether a client of ours would get an answer now: asks as one does, and waits `deadlineMs` at most. */
export async function askOwnControlSocket(socketPath: string, deadlineMs: number): Promise<boolean> {
  return new Promise((resolve) => {
    const signal = AbortSignal.timeout(deadlineMs);
    const asked = request({ socketPath, path: '/v1/status', signal, agent: false }, (response) => {
      response.on('error', () => {
        resolve(false);
      });
      response.on('end', () => {
        resolve(response.statusCode === 200);
      });
      response.resume();
    });
    asked.on('error', () => {
      resolve(false);
    });
    asked.end();
  });
}
