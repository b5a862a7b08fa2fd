import {
  chassisControlCommand,
  closeSession,
  getChassisStatus,
  getDeviceId,
  setSystemBootOptions,
  type ChassisControl,
} from '@vbmc/ipmi-codec';
import type { DomainActionOutcome } from '#worker/core/terms/domain-action.ts';
import { limits } from '#worker/core/terms/limits.ts';
import type { RemoteConsole } from '#support/console/remote-console.ts';
import { completionCodeOf, login, readOnly } from '#support/bmc/console-of-bmc.ts';
import { consoleAddress, SimulatedBmc, type Transmission } from '#support/bmc/simulated-bmc.ts';

const done: DomainActionOutcome = { ok: true, facts: { domainState: 'running' } };
const NODE_BUSY = 0xc0;
const TIMEOUT = 0xc3;

function control(console: RemoteConsole, chassisControl: ChassisControl, rqSeq?: number): Uint8Array {
  return console.request(chassisControlCommand, { chassisControl }, rqSeq === undefined ? {} : { rqSeq });
}

function codeIn(console: RemoteConsole, sent: readonly Transmission[]): number | string {
  const answer = readOnly(console, sent);
  return answer.kind === 'response' ? answer.completionCode : answer.kind;
}

function scene(): { bmc: SimulatedBmc; console: RemoteConsole } {
  const bmc = SimulatedBmc.started();
  return { bmc, console: login(bmc) };
}

describe('a retransmitted change', () => {
  test('joins the change that is being carried out, and both get one answer', () => {
    const { bmc, console } = scene();
    bmc.send(control(console, 'hardReset'));
    for (let retry = 0; retry < 3; retry += 1) {
      bmc.advance(1_000);
      expect(bmc.send(console.retransmit())).toEqual([]);
    }

    expect(codeIn(console, bmc.finish('chassisControl', done))).toBe(0);
    expect(bmc.asked('chassisControl')).toBe(1);
  });

  test('is recognised after the memory of its datagram was reused', () => {
    // Without encryption no decryption copies the request out of the datagram.
    const bmc = SimulatedBmc.started({ allowedCipherSuites: [2] });
    const console = login(bmc, { cipherSuiteId: 2 });
    const datagram = control(console, 'hardReset');
    bmc.send(datagram);
    datagram.fill(0xa5);
    const [first, second] = [console.retransmit(), console.retransmit()];

    expect(bmc.send(first)).toEqual([]);
    expect(bmc.finish('chassisControl', done)).toHaveLength(1);
    bmc.advance(1_000);
    expect(bmc.send(second)).toHaveLength(1);
    expect(bmc.asked('chassisControl')).toBe(1);
  });

  test('gets the recorded answer later, and is not carried out again', () => {
    const { bmc, console } = scene();
    bmc.send(control(console, 'hardReset'));
    const retries = [console.retransmit(), console.retransmit()];
    bmc.finish('chassisControl', done);
    bmc.advance(5_000);

    for (const retry of retries) expect(bmc.send(retry)).toHaveLength(1);
    expect(codeIn(console, bmc.send(console.retransmit()))).toBe(0);
    expect(bmc.asked('chassisControl')).toBe(1);
  });

  test('gets the recorded refusal later', () => {
    const { bmc, console } = scene();
    bmc.send(control(console, 'hardReset'));
    bmc.finish('chassisControl', {
      ok: false,
      failure: { kind: 'invalidInPresentState', message: 'the domain is off' },
    });

    expect(codeIn(console, bmc.send(console.retransmit()))).toBe(0xd5);
    expect(bmc.asked('chassisControl')).toBe(1);
  });

  test('gets the recorded time-out even if the change has succeeded since', () => {
    const { bmc, console } = scene();
    bmc.send(control(console, 'hardReset'));
    bmc.advance(limits.changeAnswerMs);
    bmc.finish('chassisControl', done);

    expect(codeIn(console, bmc.send(console.retransmit()))).toBe(TIMEOUT);
    expect(bmc.asked('chassisControl')).toBe(1);
  });

  test('of another session is another request', () => {
    const { bmc, console } = scene();
    const other = login(bmc);
    bmc.send(control(console, 'powerUp', 9));
    bmc.finish('chassisControl', done);

    bmc.send(control(other, 'powerUp', 9));

    expect(bmc.asked('chassisControl')).toBe(2);
  });

  test('with a new rqSeq, as ipmipower sends it, joins and gets an answer of its own', () => {
    const { bmc, console } = scene();
    bmc.send(control(console, 'hardReset', 9));
    expect(bmc.send(control(console, 'hardReset', 10))).toEqual([]);

    const sent = bmc.finish('chassisControl', done);

    expect(sent.map(({ datagram }) => console.receive(datagram))).toMatchObject([
      { rqSeq: 9, completionCode: 0 },
      { rqSeq: 10, completionCode: 0 },
    ]);
    expect(bmc.asked('chassisControl')).toBe(1);
  });
});

describe('a retransmission that crosses the answer on the wire, under a new rqSeq', () => {
  const after = (ms: number): number => {
    const { bmc, console } = scene();
    bmc.send(control(console, 'hardReset', 9));
    bmc.finish('chassisControl', done);
    bmc.advance(ms);
    const sent = bmc.send(control(console, 'hardReset', 10));
    if (sent.length > 0) expect(readOnly(console, sent)).toMatchObject({ rqSeq: 10, completionCode: 0 });
    return bmc.asked('chassisControl');
  };

  test('gets the answer and is not carried out again', () => {
    expect(after(limits.crossingMs)).toBe(1);
  });

  test('is a new request if the session has sent another one in between', () => {
    const { bmc, console } = scene();
    bmc.send(control(console, 'hardReset', 9));
    bmc.finish('chassisControl', done);
    bmc.send(console.request(getDeviceId, undefined, { rqSeq: 10 }));
    bmc.send(control(console, 'hardReset', 11));
    expect(bmc.asked('chassisControl')).toBe(2);
  });

  test('is a new request if it comes later', () => {
    expect(after(limits.crossingMs + 1)).toBe(2);
  });

  test('is a new request if another session sends it', () => {
    const { bmc, console } = scene();
    const other = login(bmc);
    bmc.send(control(console, 'hardReset', 9));
    bmc.finish('chassisControl', done);
    bmc.send(control(other, 'hardReset', 10));
    expect(bmc.asked('chassisControl')).toBe(2);
  });
});

describe('a request that only looks like a retransmission', () => {
  const carriesOutTwice = (between: (bmc: SimulatedBmc, console: RemoteConsole) => void): void => {
    const { bmc, console } = scene();
    bmc.send(control(console, 'powerUp', 9));
    bmc.finish('chassisControl', done);
    between(bmc, console);

    bmc.send(control(console, 'powerUp', 9));

    expect(bmc.asked('chassisControl')).toBe(2);
  };

  test('because the rqSeq has wrapped is carried out', () => {
    carriesOutTwice((bmc, console) => {
      for (let rqSeq = 10; rqSeq < 64 + 9; rqSeq += 1) {
        bmc.send(console.request(getDeviceId, undefined, { rqSeq: rqSeq & 0x3f }));
      }
    });
  });

  test('because the console gives every request the same rqSeq is carried out', () => {
    carriesOutTwice((bmc, console) => bmc.send(console.request(getDeviceId, undefined, { rqSeq: 9 })));
  });

  test('because it is the same request much later is carried out', () => {
    carriesOutTwice((bmc) => bmc.advance(limits.rememberedAnswerMs + 1));
  });

  test('a few other requests in between do not make a retransmission new', () => {
    const { bmc, console } = scene();
    bmc.send(control(console, 'powerUp', 9));
    const retry = console.retransmit(9);
    bmc.finish('chassisControl', done);
    for (let rqSeq = 10; rqSeq < 20; rqSeq += 1) bmc.send(console.request(getDeviceId, undefined, { rqSeq }));

    expect(bmc.send(retry)).toHaveLength(1);
    expect(bmc.asked('chassisControl')).toBe(1);
  });
});

describe('while a change is being carried out', () => {
  test('another change gets C0h, from this session and from another', () => {
    const { bmc, console } = scene();
    const other = login(bmc);
    bmc.send(control(console, 'hardReset'));

    expect(codeIn(console, bmc.send(control(console, 'powerUp')))).toBe(NODE_BUSY);
    expect(codeIn(other, bmc.send(control(other, 'hardReset')))).toBe(NODE_BUSY);
    const bootFlags = {
      markInvalid: false,
      parameterSelector: 5,
      parameterData: Uint8Array.of(0x80, 0x04, 0, 0, 0),
    };
    expect(completionCodeOf(bmc, other, setSystemBootOptions, bootFlags)).toBe(NODE_BUSY);
    expect(bmc.asked('chassisControl')).toBe(1);
  });

  test('a request that got C0h may be sent again with the same rqSeq, and is then carried out', () => {
    const { bmc, console } = scene();
    const other = login(bmc);
    bmc.send(control(console, 'hardReset'));
    bmc.send(control(other, 'powerUp'));
    bmc.finish('chassisControl', done);

    expect(bmc.send(other.retransmit())).toEqual([]);
    expect(codeIn(other, bmc.finish('chassisControl', done))).toBe(0);
  });

  test('the state is answered at once', () => {
    const { bmc, console } = scene();
    bmc.send(control(console, 'hardReset'));
    bmc.send(console.request(getChassisStatus, undefined));

    expect(codeIn(console, bmc.finish('readDomainState', done))).toBe(0);
  });
});

describe('the answer to a change', () => {
  test('goes to the address of the session’s last packet', () => {
    const { bmc, console } = scene();
    bmc.send(control(console, 'hardReset'), consoleAddress);
    const moved = { address: '192.0.2.8', port: 50_001 };
    bmc.send(console.request(getDeviceId, undefined), moved);

    expect(bmc.finish('chassisControl', done).map(({ to }) => to)).toEqual([moved]);
  });

  test('is not sent when the session was closed meanwhile, and the change is still reported', () => {
    const { bmc, console } = scene();
    bmc.send(control(console, 'hardReset'));
    completionCodeOf(bmc, console, closeSession, { sessionId: console.managedSystemSessionId });

    expect(bmc.finish('chassisControl', done)).toEqual([]);
    expect(bmc.eventsOf('domainActionFinished')).toHaveLength(1);
  });

  test('is C3h after its time, once, and the late outcome is reported', () => {
    const { bmc, console } = scene();
    bmc.send(control(console, 'powerCycle'));
    expect(bmc.advance(limits.changeAnswerMs - limits.tickMs)).toEqual([]);

    expect(codeIn(console, bmc.advance(limits.tickMs))).toBe(TIMEOUT);
    expect(bmc.eventsOf('domainActionFinished')).toEqual([]);
    bmc.advance(10_000);

    expect(bmc.finish('chassisControl', done)).toEqual([]);
    expect(bmc.eventsOf('domainActionFinished')).toEqual([
      {
        kind: 'domainActionFinished',
        action: 'chassisControl',
        description: 'power cycle',
        user: 'administrator',
        source: '192.0.2.7:40001',
        durationMs: limits.changeAnswerMs + 10_000,
        late: true,
      },
    ]);
  });

  test('that timed out keeps out other changes until libvirt has finished', () => {
    const { bmc, console } = scene();
    bmc.send(control(console, 'powerCycle'));
    bmc.advance(limits.changeAnswerMs);

    expect(codeIn(console, bmc.send(control(console, 'powerUp')))).toBe(NODE_BUSY);
    bmc.finish('chassisControl', done);
    expect(bmc.send(control(console, 'powerUp'))).toEqual([]);
  });
});

test('the outcome of an unknown action is ignored', () => {
  const { bmc } = scene();

  expect(bmc.finishId(4_711, done)).toEqual([]);
});
