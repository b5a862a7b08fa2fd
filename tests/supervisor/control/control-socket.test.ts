import { statSync } from 'node:fs';
import type { Server } from 'node:http';
import { connect, type Socket } from 'node:net';
import { join } from 'node:path';
import { fetchListings } from '#supervisor/cli/control-client.ts';
import { listenOnControlSocket, type Answerer } from '#supervisor/control/control-socket.ts';
import { systemClock } from '#supervisor/host/clock.ts';
import type { Log } from '#supervisor/log/log.ts';
import { runningListing } from '#support/supervisor/running-listing.ts';
import { temporaryDirectory } from '#support/temporary-directory.ts';

let directory: string;
let server: Server;
const logged: string[] = [];

async function serve(answerer: Answerer): Promise<void> {
  directory = temporaryDirectory();
  const log: Log = (level, message) => logged.push(`${level} ${message}`);
  server = await listenOnControlSocket(join(directory, 'vbmc.sock'), answerer, { clock: systemClock, log });
}

afterEach(() => {
  logged.length = 0;
  server.close();
  server.closeAllConnections();
});

/** Sends `text` and returns the status line of the answer. */
async function raw(text: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect(join(directory, 'vbmc.sock'));
    let answer = '';
    socket.setEncoding('utf8');
    socket.on('data', (piece: string) => (answer += piece));
    socket.on('error', reject);
    socket.on('close', () => {
      resolve(answer.split('\r\n')[0] ?? '');
    });
    socket.write(text);
  });
}

const listings: Answerer = () => Promise.resolve({ status: 200, body: { bmcs: [runningListing] } });

test('only owner and group may connect', async () => {
  await serve(listings);
  expect(statSync(join(directory, 'vbmc.sock')).mode & 0o777).toBe(0o660);
});

test('the client gets the listings', async () => {
  await serve(listings);
  expect(await fetchListings(directory)).toEqual([runningListing]);
});

test.each([
  ['GET /v1/bmcs HTTP/1.1\r\nhost: x\r\n\r\n', 'HTTP/1.1 200 OK'],
  ['GET /v1/nope HTTP/1.1\r\nhost: x\r\n\r\n', 'HTTP/1.1 404 Not Found'],
  ['GET /toString HTTP/1.1\r\nhost: x\r\n\r\n', 'HTTP/1.1 404 Not Found'],
  ['GET /v1/bmcs?all HTTP/1.1\r\nhost: x\r\n\r\n', 'HTTP/1.1 400 Bad Request'],
  ['DELETE /v1/bmcs HTTP/1.1\r\nhost: x\r\n\r\n', 'HTTP/1.1 405 Method Not Allowed'],
  ['GET /v1/bmcs HTTP/1.1\r\nhost: x\r\ncontent-length: 5\r\n\r\nhello', 'HTTP/1.1 413 Payload Too Large'],
  [
    'GET /v1/bmcs HTTP/1.1\r\nhost: x\r\ntransfer-encoding: chunked\r\n\r\n',
    'HTTP/1.1 413 Payload Too Large',
  ],
  [`GET /${'x'.repeat(9000)} HTTP/1.1\r\nhost: x\r\n\r\n`, 'HTTP/1.1 431 Request Header Fields Too Large'],
  ['\u0000\u0001nonsense\r\n\r\n', 'HTTP/1.1 400 Bad Request'],
])('%#: %j', async (request, status) => {
  await serve(listings);
  expect(await raw(request)).toBe(status);
  expect(await fetchListings(directory)).toEqual([runningListing]);
});

test('a failing handler answers 500, and the next request is served', async () => {
  await serve((request, response) =>
    request.kind === 'status' ? Promise.reject(new Error('oh')) : listings(request, response),
  );
  expect(await raw('GET /v1/status HTTP/1.1\r\nhost: x\r\n\r\n')).toBe('HTTP/1.1 500 Internal Server Error');
  expect(await fetchListings(directory)).toEqual([runningListing]);
});

test('the client rejects an answer of another shape', async () => {
  await serve(() => Promise.resolve({ status: 200, body: { machines: [] } }));
  await expect(fetchListings(directory)).rejects.toMatchObject({
    remedy: expect.stringContaining('of the same version') as string,
  });
});

/** As many connections as `text` is written on; they are read, and held until the end of the test. */
function hold(count: number, text: string): Socket[] {
  return Array.from({ length: count }, () => {
    const socket = connect(join(directory, 'vbmc.sock'));
    socket.on('error', () => undefined);
    socket.write(text);
    return socket;
  });
}

test.each(['', 'GET /v1/', 'GET /v1/status HTTP/1.1\r\nx: '])(
  'clients that hold every connection with %j keep no other client out',
  async (text) => {
    await serve(listings);
    const held = hold(300, text);
    for (let asked = 0; asked < 5; asked += 1)
      expect(await fetchListings(directory)).toEqual([runningListing]);
    expect(logged).toHaveLength(1);
    expect(logged[0]).toMatch(
      /^warn clients hold all 256 connections of .*vbmc\.sock: vbmcd has closed \d+ that sent no request/,
    );
    for (const socket of held) socket.destroy();
  },
);

test('clients that do not read their answers keep no other client out', async () => {
  // More than the kernel keeps for a reader that does not read.
  const long = { status: 200, body: 'x'.repeat(600_000) };
  await serve((request, response) =>
    request.kind === 'metrics' ? Promise.resolve(long) : listings(request, response),
  );
  const held = hold(256, 'GET /metrics HTTP/1.1\r\nhost: x\r\n\r\n');
  for (const socket of held) socket.pause();
  expect(await fetchListings(directory)).toEqual([runningListing]);
  for (const socket of held) socket.destroy();
});

test('a client that sends many requests at once has one of them begun', async () => {
  let begun = 0;
  await serve(() => {
    begun += 1;
    return new Promise(() => undefined);
  });
  const [socket] = hold(1, 'GET /v1/bmcs HTTP/1.1\r\nhost: x\r\n\r\n'.repeat(20_000));
  await new Promise((resolve) => socket?.once('close', resolve));
  expect(begun).toBe(1);
});
