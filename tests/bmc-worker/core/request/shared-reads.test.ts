import { chassisControlCommand, getChassisStatus, getDeviceId, getSystemGuid } from '@vbmc/ipmi-codec';
import type { DomainActionOutcome, DomainState } from '#worker/core/terms/domain-action.ts';
import { limits } from '#worker/core/terms/limits.ts';
import type { RemoteConsole } from '#support/console/remote-console.ts';
import { login, newConsole, readOnly, respondTo } from '#support/bmc/console-of-bmc.ts';
import { SimulatedBmc, UUID, type Transmission } from '#support/bmc/simulated-bmc.ts';

function state(domainState: DomainState): DomainActionOutcome {
  return { ok: true, facts: { domainState } };
}
const unreachable: DomainActionOutcome = {
  ok: false,
  failure: { kind: 'hypervisorUnreachable', message: 'no daemon' },
};
function status(console: RemoteConsole): Uint8Array {
  return console.request(getChassisStatus, undefined);
}

describe('Get Chassis Status', () => {
  test('from many sessions asks libvirt once', () => {
    const bmc = SimulatedBmc.started();
    const consoles = Array.from({ length: 20 }, () => login(bmc));
    for (const console of consoles) bmc.send(status(console));

    expect(bmc.asked('readDomainState')).toBe(1);
    expect(bmc.finish('readDomainState', state('running'))).toHaveLength(20);
    bmc.send(status(login(bmc)));
    expect(bmc.asked('readDomainState')).toBe(2);
  });

  test('after a change is not answered by a read that began before the change ended', () => {
    const bmc = SimulatedBmc.started();
    const [early, changer, late] = [login(bmc), login(bmc), login(bmc)];
    bmc.send(status(early));
    bmc.send(changer.request(chassisControlCommand, { chassisControl: 'powerDown' } as const));
    bmc.finish('chassisControl', state('shutOff'));

    bmc.send(status(late));

    expect(bmc.asked('readDomainState')).toBe(2);
    expect(readOnly(early, bmc.finish('readDomainState', state('running')))).toMatchObject({
      value: { powerOn: true },
    });
    expect(readOnly(late, bmc.finish('readDomainState', state('shutOff')))).toMatchObject({
      value: { powerOn: false },
    });
  });

  test('that was retransmitted is answered once', () => {
    const bmc = SimulatedBmc.started();
    const console = login(bmc);
    bmc.send(status(console));
    bmc.send(console.retransmit());

    expect(bmc.finish('readDomainState', state('running'))).toHaveLength(1);
  });

  test('asks libvirt again when it is sent again after its answer', () => {
    const bmc = SimulatedBmc.started();
    const console = login(bmc);
    bmc.send(status(console));
    const again = console.retransmit();
    bmc.finish('readDomainState', state('running'));
    bmc.send(again);

    expect(bmc.asked('readDomainState')).toBe(2);
  });

  test('gets C3h when its time is over, counted for each request', () => {
    const bmc = SimulatedBmc.started();
    const [first, second] = [login(bmc), login(bmc)];
    bmc.send(status(first));
    bmc.advance(1_000);
    bmc.send(status(second));

    expect(readOnly(first, bmc.advance(limits.readAnswerMs - 1_000))).toMatchObject({ completionCode: 0xc3 });
    expect(readOnly(second, bmc.advance(1_000))).toMatchObject({ completionCode: 0xc3 });
    expect(bmc.finish('readDomainState', state('running'))).toEqual([]);
  });

  test.each([
    ['running', true],
    ['idle', true],
    ['paused', true],
    ['inShutdown', true],
    ['shutOff', false],
    ['crashed', true],
    ['pmsuspended', true],
    ['startingUp', true],
    ['ioError', true],
    ['noState', false],
  ] as const)('of a domain that is %s says powered on: %s', (domainState, powerOn) => {
    const bmc = SimulatedBmc.started();
    const console = login(bmc);
    bmc.send(status(console));

    expect(readOnly(console, bmc.finish('readDomainState', state(domainState)))).toMatchObject({
      completionCode: 0,
      value: { powerOn },
    });
  });

  test('delays no other command while libvirt hangs', () => {
    const bmc = SimulatedBmc.started();
    const console = login(bmc);
    bmc.send(status(console));

    expect(respondTo(bmc, console, getDeviceId, undefined).completionCode).toBe(0);
  });

  test('says why not', () => {
    const bmc = SimulatedBmc.started();
    const console = login(bmc);
    bmc.send(status(console));

    expect(readOnly(console, bmc.finish('readDomainState', unreachable))).toMatchObject({
      completionCode: 0xc0,
    });
  });
});

describe('Get System GUID before a session', () => {
  test('starts nothing while the UUID is not known, and is refused at once', () => {
    const bmc = new SimulatedBmc();
    for (let n = 0; n < 1_000; n += 1) {
      expect(respondTo(bmc, newConsole(), getSystemGuid, undefined).completionCode).toBe(0xce);
    }
    bmc.advance(limits.readAnswerMs);

    expect(bmc.actions).toEqual([]);
  });

  test('starts nothing either when the definition has changed: the last UUID is answered', () => {
    const bmc = SimulatedBmc.started();
    bmc.handle({ type: 'domainStateUntrusted' });
    const before = bmc.actions.length;

    expect(respondTo(bmc, newConsole(), getSystemGuid, undefined)).toMatchObject({ completionCode: 0 });
    expect(bmc.actions).toHaveLength(before);
  });

  test('is answered once the domain watch has told the UUID', () => {
    const bmc = new SimulatedBmc();
    bmc.handle({ type: 'uuid', uuid: UUID });

    expect(respondTo(bmc, newConsole(), getSystemGuid, undefined).completionCode).toBe(0);
  });
});

describe('Get System GUID in a session while libvirt hangs', () => {
  function hanging(): { readonly bmc: SimulatedBmc; readonly ask: () => Transmission[] } {
    const bmc = new SimulatedBmc();
    bmc.start();
    const console = login(bmc);
    return { bmc, ask: () => bmc.send(console.request(getSystemGuid, undefined)) };
  }

  test('asks libvirt once, and is answered in time', () => {
    const { bmc, ask: request } = hanging();
    for (let n = 0; n < 10; n += 1) expect(request()).toEqual([]);

    expect(bmc.asked('readUuid')).toBe(1);
    expect(bmc.advance(limits.readAnswerMs)).toHaveLength(10);
  });

  test('never returns the null GUID', () => {
    const bmc = new SimulatedBmc();
    bmc.start();
    const console = login(bmc);
    bmc.send(console.request(getSystemGuid, undefined));

    expect(readOnly(console, bmc.finish('readUuid', { ok: true, facts: { uuid: 'none' } }))).toMatchObject({
      completionCode: 0xce,
    });
  });
});

describe('a fact that libvirt could not report at the start', () => {
  test('is read as soon as libvirt answers again, and only until it is known', () => {
    const bmc = new SimulatedBmc();
    bmc.start();
    bmc.finish('readUuid', unreachable);
    bmc.finish('recoverBootOverride', unreachable);
    const console = login(bmc);
    bmc.send(status(console));
    bmc.finish('readDomainState', unreachable);
    expect(bmc.underWay()).toEqual([]);

    bmc.send(status(console));
    bmc.finish('readDomainState', state('running'));
    expect(bmc.underWay().map(({ action }) => action.kind)).toEqual(['readUuid', 'recoverBootOverride']);
    bmc.finish('readUuid', { ok: true, facts: { uuid: UUID } });
    bmc.finish('recoverBootOverride', { ok: true, facts: {} });

    bmc.send(status(console));
    bmc.finish('readDomainState', state('running'));
    expect(bmc.underWay()).toEqual([]);
  });
});
