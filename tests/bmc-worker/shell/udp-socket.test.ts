import { bindUdpSocket } from '#worker/shell/udp-socket.ts';

describe('the UDP socket', () => {
  test.each([
    ['port 0, which an attacker can forge', { address: '127.0.0.1', port: 0 }],
    ['an address without a route', { address: '240.0.0.1', port: 9 }],
    ['the broadcast address', { address: '255.255.255.255', port: 9 }],
  ])('sending to %s throws nothing', async (_, to) => {
    const socket = await bindUdpSocket('127.0.0.1', 0);

    expect(() => {
      socket.send(Uint8Array.of(1), to);
    }).not.toThrow();
    // The error comes later, and must not be uncaught.
    await new Promise((resolve) => setImmediate(resolve));
    socket.close();
  });

  test('gives its listener each datagram with its sender', async () => {
    const sender = await bindUdpSocket('127.0.0.1', 0);
    const arrivals: unknown[] = [];
    let onArrival = (): void => undefined;
    const arrived = new Promise<void>((resolve) => {
      onArrival = resolve;
    });
    const receiver = await bindUdpSocket('127.0.0.1', 0);
    receiver.receive((from, datagram) => {
      arrivals.push({ address: from.address, port: from.port, datagram: [...datagram] });
      onArrival();
    });
    sender.send(Uint8Array.of(1, 2, 3), { address: '127.0.0.1', port: receiver.port });
    await arrived;

    expect(arrivals).toEqual([{ address: '127.0.0.1', port: sender.port, datagram: [1, 2, 3] }]);
    receiver.close();
    sender.close();
  });
});
