import { request } from 'node:http';
import { hostname } from 'node:os';
import { MetricsListener } from '#supervisor/metrics/metrics-listener.ts';

let listener: MetricsListener | undefined;
afterEach(() => {
  listener?.close();
});

/** The status of an answer on this address to a client that asks by this name. */
async function statusOf(address: string, host: string): Promise<number | undefined> {
  const port = 20_000 + (process.pid % 10_000);
  listener = new MetricsListener({ contentType: 'text/plain', text: () => Promise.resolve('vbmc_bmcs 1\n') });
  await listener.listenOn({ address, port });
  return new Promise((resolve, reject) => {
    request({ host: '127.0.0.1', port, path: '/metrics', headers: { host } }, (response) => {
      response.resume();
      resolve(response.statusCode);
    })
      .on('error', reject)
      .end();
  });
}

test.each([
  ...[
    '127.0.0.1:9623',
    '127.0.0.1',
    '[::1]:9623',
    '192.0.2.1',
    'localhost:9623',
    'LOCALHOST',
    hostname(),
  ].map((host) => [host, 200] as const),
  // What a browser sends for a page of a stranger whose name has come to mean 127.0.0.1.
  ...['evil.example:9623', 'localhost.evil.example', '127.0.0.1.evil.example'].map(
    (host) => [host, 421] as const,
  ),
])('asked as %j on 127.0.0.1: %d', async (host, status) => {
  expect(await statusOf('127.0.0.1', host)).toBe(status);
});

test('on another address Prometheus may ask by any name', async () => {
  expect(await statusOf('0.0.0.0', 'hypervisor.example.org:9623')).toBe(200);
});
