/** Many clients of one address that log in at once, as fast as a socket holds their datagrams. */
import { newConsole } from '#support/bmc/console-of-bmc.ts';
import { SimulatedBmc } from '#support/bmc/simulated-bmc.ts';
import type { RemoteConsole } from '#support/console/remote-console.ts';

/** As many small datagrams as wait in a socket with Linux's default of 208 KiB. */
const QUEUED = 277;
const LOGINS = 1_200;

interface Waiting {
  readonly console: RemoteConsole;
  readonly port: number;
  readonly datagram: Uint8Array;
}

test('none that goes on at once is evicted by the others', () => {
  const bmc = SimulatedBmc.started();
  const ends: Record<string, number> = {};
  const queue: Waiting[] = [];
  let begun = 0;
  const begin = (): void => {
    if (begun >= LOGINS) return;
    const console = newConsole({ userName: 'user', privilegeLevel: 'user' });
    queue.push({ console, port: 1_024 + begun, datagram: console.openSessionRequest() });
    begun += 1;
  };
  while (queue.length < QUEUED) begin();
  for (let next = queue.shift(); next !== undefined; next = queue.shift()) {
    const { console, port } = next;
    const [answer] = bmc.send(next.datagram, { address: '192.0.2.7', port });
    const read = answer && console.receive(answer.datagram);
    if (read?.kind === 'openSessionResponse') queue.push({ ...next, datagram: console.rakpMessage1() });
    else if (read?.kind === 'rakpMessage2') queue.push({ ...next, datagram: console.rakpMessage3() });
    else {
      const end = read?.kind === 'refusal' ? read.refusal.status : (read?.kind ?? 'silence');
      ends[end] = (ends[end] ?? 0) + 1;
      begin();
    }
  }
  // The account gets its share of sessions, and no login ends for another reason.
  expect(ends).toEqual({ rakpMessage4: 16, insufficientResourcesToCreateSession: LOGINS - 16 });
});
