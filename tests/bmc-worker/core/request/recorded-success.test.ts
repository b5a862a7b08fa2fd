import { chassisControlCommand, getChassisStatus, type ChassisControl } from '@vbmc/ipmi-codec';
import type { DomainActionOutcome, DomainState } from '#worker/core/terms/domain-action.ts';
import { limits } from '#worker/core/terms/limits.ts';
import type { RemoteConsole } from '#support/console/remote-console.ts';
import { login, readOnly } from '#support/bmc/console-of-bmc.ts';
import { SimulatedBmc, type Transmission } from '#support/bmc/simulated-bmc.ts';

const done: DomainActionOutcome = { ok: true, facts: { domainState: 'running' } };
const NOT_IN_PRESENT_STATE = 0xd5;

function control(console: RemoteConsole, chassisControl: ChassisControl, rqSeq?: number): Uint8Array {
  return console.request(chassisControlCommand, { chassisControl }, rqSeq === undefined ? {} : { rqSeq });
}

function codeIn(console: RemoteConsole, sent: readonly Transmission[]): number | string {
  const answer = readOnly(console, sent);
  return answer.kind === 'response' ? answer.completionCode : answer.kind;
}

describe('the recorded success of a change dies when something happens to the domain', () => {
  const isOff: DomainActionOutcome = { ok: true, facts: { domainState: 'shutOff' } };

  /** A power on that has been answered with success, and the report of its start. */
  function poweredOn() {
    const bmc = SimulatedBmc.started();
    bmc.reportState('shutOff');
    const console = login(bmc);
    bmc.send(control(console, 'powerUp', 1));
    bmc.reportState('running', 'started');
    bmc.finish('chassisControl', done);
    const again = (): number => {
      const before = bmc.asked('chassisControl');
      bmc.send(control(console, 'powerUp', 1));
      return bmc.asked('chassisControl') - before;
    };
    return { bmc, console, again };
  }

  test('nothing has happened: the request is not carried out again', () => {
    const { bmc, again } = poweredOn();
    bmc.reportState('running');
    bmc.advance(limits.rememberedAnswerMs - 1_000);
    bmc.reportState('running');
    expect(again()).toBe(0);
  });

  test.each([
    ['ended', ['shutOff']],
    ['ended and started again', ['shutOff', 'running']],
  ] as const)('somebody has %s the domain', (_, states) => {
    const { bmc, again } = poweredOn();
    bmc.advance(2_000);
    for (const state of states) bmc.reportState(state);
    expect(again()).toBe(1);
  });

  test('the guest has crashed: libvirt says so more than once, and it is news once', () => {
    const { bmc, again } = poweredOn();
    bmc.advance(2_000);
    bmc.reportState('crashed');
    expect(again()).toBe(1);
    bmc.finish('chassisControl', { ok: true, facts: { domainState: 'crashed' } });
    bmc.reportState('crashed');
    expect(again()).toBe(0);
  });

  test('the guest has rebooted, or the definition was changed', () => {
    for (const happen of [
      (bmc: SimulatedBmc) => {
        bmc.reportState('running', 'rebooted');
      },
      (bmc: SimulatedBmc) => {
        bmc.handle({ type: 'definitionChanged' });
      },
    ]) {
      const { bmc, again } = poweredOn();
      bmc.advance(2_000);
      happen(bmc);
      for (const { action, id } of bmc.underWay())
        if (action.kind !== 'chassisControl') bmc.finishId(id, { ok: true, facts: {} });
      expect(again()).toBe(1);
    }
  });

  test('the domain has ended within a second: what is true shows a second after the answer', () => {
    const { bmc, again } = poweredOn();
    bmc.reportState('shutOff');
    bmc.advance(1_000);
    expect(again()).toBe(1);
  });

  test("late reports of the change itself do not count: a power cycle's retransmission is not carried out", () => {
    const bmc = SimulatedBmc.started();
    bmc.reportState('running');
    const console = login(bmc);
    bmc.send(control(console, 'powerCycle'));
    bmc.finish('chassisControl', done);
    bmc.reportState('shutOff');
    bmc.reportState('running', 'started');
    bmc.advance(5_000);
    expect(codeIn(console, bmc.send(console.retransmit()))).toBe(0);
    expect(bmc.asked('chassisControl')).toBe(1);
  });

  test('nor when the BMC asks libvirt because of such a report', () => {
    const bmc = SimulatedBmc.started();
    bmc.reportState('running');
    const console = login(bmc);
    bmc.send(control(console, 'powerCycle', 1));
    bmc.finish('chassisControl', done);
    bmc.reportState('shutOff');
    bmc.send(console.request(getChassisStatus, undefined, { rqSeq: 2 }));
    bmc.finish('readDomainState', done);
    bmc.reportState('running', 'started');
    bmc.advance(5_000);
    expect(codeIn(console, bmc.send(control(console, 'powerCycle', 1)))).toBe(0);
    expect(bmc.asked('chassisControl')).toBe(1);
  });

  test('nor does a report of the reset itself', () => {
    const bmc = SimulatedBmc.started();
    bmc.reportState('running');
    const console = login(bmc);
    bmc.send(control(console, 'hardReset'));
    bmc.finish('chassisControl', done);
    bmc.reportState('running', 'rebooted');
    bmc.advance(5_000);
    expect(codeIn(console, bmc.send(console.retransmit()))).toBe(0);
    expect(bmc.asked('chassisControl')).toBe(1);
  });

  test('nor do the resets that firmware makes after it: libvirt reports those too', () => {
    const bmc = SimulatedBmc.started();
    bmc.reportState('running');
    const console = login(bmc);
    const report = (): void => {
      bmc.reportState('running', 'rebooted');
      for (const { action, id } of bmc.underWay())
        if (action.kind !== 'chassisControl') bmc.finishId(id, { ok: true, facts: {} });
    };
    const again = (): readonly Transmission[] => bmc.send(control(console, 'hardReset', 7));
    again();
    bmc.reportState('running', 'rebooted');
    bmc.finish('chassisControl', done);
    for (const pauseMs of [150, 3_000]) {
      bmc.advance(pauseMs);
      report();
      expect(codeIn(console, again())).toBe(0);
    }
    expect(bmc.asked('chassisControl')).toBe(1);
    // Much later it is the guest.
    bmc.advance(9_000);
    report();
    again();
    expect(bmc.asked('chassisControl')).toBe(2);
  });

  test('another session has switched the domain off: neither success, nor a start of a fenced machine', () => {
    const { bmc, console, again } = poweredOn();
    const fencing = login(bmc);
    bmc.send(control(fencing, 'powerDown'));
    bmc.finish('chassisControl', isOff);
    bmc.reportState('shutOff');
    expect(codeIn(console, bmc.send(control(console, 'powerUp', 1)))).toBe(NOT_IN_PRESENT_STATE);
    // Who asks once more means it.
    expect(again()).toBe(1);
    expect(codeIn(fencing, bmc.send(fencing.retransmit()))).toBe(0);
  });

  test('this session has switched the domain off: a power on under the same rqSeq is a new one', () => {
    const { bmc, console, again } = poweredOn();
    bmc.send(control(console, 'powerDown', 2));
    bmc.finish('chassisControl', isOff);
    expect(again()).toBe(1);
  });

  describe('without a watch, the BMC learns it by its own questions', () => {
    function poweredOnUnwatched() {
      const bmc = SimulatedBmc.started();
      const console = login(bmc);
      bmc.send(control(console, 'powerUp', 1));
      bmc.finish('chassisControl', done);
      bmc.advance(3_000);
      const read = (domainState: DomainState): void => {
        bmc.send(console.request(getChassisStatus, undefined, { rqSeq: 2 }));
        bmc.finish('readDomainState', { ok: true, facts: { domainState } });
      };
      const again = (): number => {
        const before = bmc.asked('chassisControl');
        bmc.send(control(console, 'powerUp', 1));
        return bmc.asked('chassisControl') - before;
      };
      return { read, again };
    }

    test.each(['shutOff', 'crashed', 'migratedAway'] as const)('it is told as %s', (state) => {
      const { read, again } = poweredOnUnwatched();
      read(state);
      expect(again()).toBe(1);
    });

    test('it was off in between', () => {
      const { read, again } = poweredOnUnwatched();
      read('shutOff');
      read('running');
      expect(again()).toBe(1);
    });

    test('it is as the change has left it', () => {
      const { read, again } = poweredOnUnwatched();
      read('running');
      read('paused');
      expect(again()).toBe(0);
    });
  });

  test('a power off that has failed may have switched the domain off all the same', () => {
    const { bmc, console } = poweredOn();
    const fencing = login(bmc);
    bmc.send(control(fencing, 'powerDown'));
    bmc.finish('chassisControl', { ok: false, failure: { kind: 'noteNotRemoved', message: 'EROFS' } });
    expect(codeIn(console, bmc.send(control(console, 'powerUp', 1)))).toBe(NOT_IN_PRESENT_STATE);
  });

  test('a recorded refusal stays', () => {
    const { bmc, console } = poweredOn();
    bmc.send(control(console, 'powerCycle', 5));
    bmc.finish('chassisControl', { ok: false, failure: { kind: 'calledOff', message: 'a power off' } });
    bmc.advance(2_000);
    bmc.reportState('shutOff');
    expect(codeIn(console, bmc.send(control(console, 'powerCycle', 5)))).toBe(NOT_IN_PRESENT_STATE);
    expect(bmc.asked('chassisControl')).toBe(2);
  });
});
