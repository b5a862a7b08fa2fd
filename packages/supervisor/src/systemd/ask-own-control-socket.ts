import { request } from 'node:http';

/** Whether the control socket answers: sends a request as a client does, and waits at most `deadlineMs`. */
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
