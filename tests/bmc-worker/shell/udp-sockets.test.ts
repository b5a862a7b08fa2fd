import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { getDeviceId, type Command, type NoData } from '@vbmc/ipmi-codec';
import { bindUdpSocket, errorCode } from '#worker/shell/udp-socket.ts';
import { UdpSockets, type BindNews } from '#worker/shell/udp-sockets.ts';
import { consoleOptions, start, stopAll } from '#support/bmc/running-bmc.ts';
import { UdpConsole } from '#support/console/udp-console.ts';
import { waitFor } from '#support/wait-for.ts';

const open: { close(): void }[] = [];
afterEach(async () => {
  for (const one of open.splice(0)) one.close();
  await stopAll();
});

/** On several addresses of the loopback network, all of them local. */
async function echo(addresses: readonly string[], tell?: BindNews) {
  const sockets = await UdpSockets.bind({ address: '::', port: 0, addresses }, tell);
  open.push(sockets);
  sockets.receive((from, datagram) => {
    sockets.send(datagram, from);
  });
  return sockets;
}

/** The address that answers a client of `from`, or that it is silent. */
async function answererOf(address: string, port: number): Promise<string> {
  const client: Socket = createSocket('udp4');
  try {
    client.bind(0, '127.0.0.9');
    await once(client, 'listening');
    const answer = once(client, 'message') as Promise<[Buffer, { address: string }]>;
    client.send('ping', port, address);
    const silent = new Promise<undefined>((resolve) => {
      setTimeout(() => {
        resolve(undefined);
      }, 300);
    });
    const answered = await Promise.race([answer, silent]);
    return answered === undefined ? 'silent' : answered[1].address;
  } finally {
    client.close();
  }
}

test('each address answers from itself, with one port', async () => {
  const { address, port } = await echo(['127.0.0.1', '127.0.0.2', '127.0.0.3']);
  expect(address).toBe('::');
  for (const asked of ['127.0.0.1', '127.0.0.2', '127.0.0.3']) {
    expect(await answererOf(asked, port)).toBe(asked);
  }
  expect(await answererOf('127.0.0.4', port)).toBe('silent');
});

test('one socket on all addresses answers from the one that the route picks', async () => {
  const { port } = await echo(['0.0.0.0']);
  expect(await answererOf('127.0.0.2', port)).not.toBe('127.0.0.2');
});

test('addresses come and go', async () => {
  const sockets = await echo(['127.0.0.1', '127.0.0.2']);
  const { port } = sockets;
  sockets.setAddresses(['127.0.0.2', '127.0.0.3']);
  await waitFor('the new address', async () => (await answererOf('127.0.0.3', port)) === '127.0.0.3');
  expect(await answererOf('127.0.0.1', port)).toBe('silent');
  expect(await answererOf('127.0.0.2', port)).toBe('127.0.0.2');
});

test('from one socket on all addresses to one for each, and back', async () => {
  const sockets = await echo(['0.0.0.0']);
  const { port } = sockets;
  sockets.setAddresses(['127.0.0.2']);
  await waitFor('the address', async () => (await answererOf('127.0.0.2', port)) === '127.0.0.2');
  sockets.setAddresses(['0.0.0.0']);
  await waitFor('all addresses', async () => (await answererOf('127.0.0.1', port)) === '127.0.0.1');
});

test('of several addresses some may be missing on this host; of one it may not', async () => {
  const told: string[] = [];
  const { port } = await echo(['198.51.100.1', '127.0.0.2'], (...what) => told.push(what.join(' ')));
  expect(told).toEqual(['198.51.100.1 EADDRNOTAVAIL']);
  expect(await answererOf('127.0.0.2', port)).toBe('127.0.0.2');
  for (const addresses of [['198.51.100.1'], ['198.51.100.1', '198.51.100.2']]) {
    const failure = await UdpSockets.bind({ address: '::', port: 0, addresses }).catch(errorCode);
    expect(failure).toBe('EADDRNOTAVAIL');
  }
});

test('a port that another process has: an error at the start, told once later, and bound when it is free', async () => {
  const other = await bindUdpSocket('127.0.0.3', 0);
  const { port } = other;
  const atStart = UdpSockets.bind({ address: '::', port, addresses: ['127.0.0.2', '127.0.0.3'] });
  expect(await atStart.catch(errorCode)).toBe('EADDRINUSE');

  const told: string[] = [];
  const sockets = await UdpSockets.bind({ address: '::', port, addresses: ['127.0.0.2'] }, (...what) =>
    told.push(what.join(' ')),
  );
  open.push(sockets);
  sockets.receive((from, datagram) => {
    sockets.send(datagram, from);
  });
  sockets.setAddresses(['127.0.0.2', '127.0.0.3']);
  await waitFor('the failure', () => told.length > 0);
  sockets.setAddresses(['127.0.0.2', '127.0.0.3']);
  other.close();
  await waitFor('the free port', async () => (await answererOf('127.0.0.3', port)) === '127.0.0.3');
  expect(told).toEqual(['127.0.0.3 EADDRINUSE', '127.0.0.3']);
});

test('another process cannot take a part of the port', async () => {
  const { port } = await echo(['127.0.0.1', '127.0.0.2']);
  for (const address of ['0.0.0.0', '127.0.0.2']) {
    const thief = createSocket({ type: 'udp4', reuseAddr: true });
    thief.bind(port, address);
    const [error] = (await once(thief, 'error')) as [NodeJS.ErrnoException];
    expect(error.code).toBe('EADDRINUSE');
    thief.close();
  }
});

test('a session lasts while other addresses come and go', async () => {
  const { bmc } = await start({ address: '0.0.0.0', addresses: ['127.0.0.2', '127.0.0.3'] });
  const console = await UdpConsole.connect(consoleOptions(bmc.port, '127.0.0.2'));
  const ask = () => console.request(getDeviceId as Command<NoData, unknown>, undefined);
  bmc.setAddresses(['127.0.0.2']);
  expect(await ask()).toMatchObject({ completionCode: 0 });
  // Its own address goes, and is back before the client gives up.
  bmc.setAddresses(['127.0.0.4']);
  const asked = ask();
  bmc.setAddresses(['127.0.0.2', '127.0.0.4']);
  expect(await asked).toMatchObject({ completionCode: 0 });
  expect(bmc.figures().activeSessions).toBe(1);
  await console.close();
});
