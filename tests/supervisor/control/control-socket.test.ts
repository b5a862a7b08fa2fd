import { statSync } from 'node:fs';
import type { Server } from 'node:http';
import { connect } from 'node:net';
import { join } from 'node:path';
import { fetchListings } from '#supervisor/cli/control-client.ts';
import { listenOnControlSocket, type Answerer } from '#supervisor/control/control-socket.ts';
import { runningListing } from '#support/supervisor/running-listing.ts';
import { temporaryDirectory } from '#support/temporary-directory.ts';

let directory: string;
let server: Server;

async function serve(answerer: Answerer): Promise<void> {
  directory = temporaryDirectory();
  server = await listenOnControlSocket(join(directory, 'vbmc.sock'), answerer, () => undefined);
}

afterEach(() => {
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
