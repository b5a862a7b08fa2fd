import { mkdirSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { controlSocketPath } from '#supervisor/host/run-directory.ts';

const servers: Server[] = [];

afterEach(async () => {
  for (const server of servers.splice(0)) await new Promise((resolve) => server.close(resolve));
});

/** Answers on a control socket as the test says, with the query or without; returns the requests it got, `METHOD /path`. */
export async function scriptedDaemon(
  runDirectory: string,
  answers: Readonly<Record<string, { readonly status?: number; readonly body: unknown }>>,
): Promise<readonly string[]> {
  const requests: string[] = [];
  const server = createServer((request, response) => {
    const asked = `${request.method ?? ''} ${request.url ?? ''}`;
    requests.push(asked);
    const [withoutQuery = ''] = asked.split('?');
    const answer = answers[asked] ?? answers[withoutQuery];
    const { status = 200, body } = answer ?? { status: 404, body: { error: 'not scripted' } };
    response.writeHead(status, { connection: 'close' });
    response.end(JSON.stringify(body));
  });
  servers.push(server);
  mkdirSync(runDirectory, { recursive: true });
  await new Promise<void>((resolve) => server.listen(controlSocketPath(runDirectory), resolve));
  return requests;
}
