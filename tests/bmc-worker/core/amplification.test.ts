import type { RemoteConsole } from '../../support/remote-console.ts';
import { newConsole } from './console-of-bmc.ts';
import { SimulatedBmc, type Transmission } from './simulated-bmc.ts';
import { amplificationBound, strangerDatagrams } from './stranger-datagrams.ts';

const bytesOf = (sent: readonly Transmission[]): number =>
  sent.reduce((sum, { datagram }) => sum + datagram.length, 0);

/** A console that has the BMC's session id, so that every message of the handshake gets its longest answer. */
const halfOpen = (bmc: SimulatedBmc): RemoteConsole => {
  const console = newConsole();
  for (const { datagram } of bmc.send(console.openSessionRequest())) console.receive(datagram);
  return console;
};

describe('the answer to a datagram of anybody', () => {
  test.each(Object.entries(strangerDatagrams))('to %s is one, and small', (_, make) => {
    const bmc = SimulatedBmc.started();
    const request = make(halfOpen(bmc));
    const sent = bmc.send(request);

    expect(sent).toHaveLength(1);
    expect(bytesOf(sent) / request.length).toBeLessThanOrEqual(amplificationBound);
  });

  test('to RAKP 1 with the shortest name that there is stays below two', () => {
    const bmc = SimulatedBmc.started();
    const console = halfOpen(bmc);
    const request = console.rakpMessage1({ userName: new TextEncoder().encode('user') });

    expect(bytesOf(bmc.send(request)) / request.length).toBeLessThan(2);
  });

  test('the bound is reached, so it says something', () => {
    const bmc = SimulatedBmc.started();
    const ping = newConsole().presencePing();

    expect(bytesOf(bmc.send(ping)) / ping.length).toBe(amplificationBound);
  });
});
