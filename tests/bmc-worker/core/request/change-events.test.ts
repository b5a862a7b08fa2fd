/** What an operator is told of each client that wants a change while one is under way. */
import { chassisControlCommand, type ChassisControl } from '@vbmc/ipmi-codec';
import type { DomainActionOutcome } from '#worker/core/terms/domain-action.ts';
import { login } from '#support/bmc/console-of-bmc.ts';
import { SimulatedBmc } from '#support/bmc/simulated-bmc.ts';
import type { RemoteConsole } from '#support/console/remote-console.ts';

const isOff: DomainActionOutcome = { ok: true, facts: { domainState: 'shutOff' } };
const isOn: DomainActionOutcome = { ok: true, facts: { domainState: 'running' } };

const here = { address: '192.0.2.7', port: 40_001 };
const elsewhere = { address: '198.51.100.9', port: 623 };

function scene(): { bmc: SimulatedBmc; first: RemoteConsole; second: RemoteConsole } {
  const bmc = SimulatedBmc.started();
  return { bmc, first: login(bmc), second: login(bmc, { as: 'operator', from: elsewhere }) };
}

function control(console: RemoteConsole, name: ChassisControl): Uint8Array {
  return console.request(chassisControlCommand, { chassisControl: name });
}

describe('a power off that two clients ask for', () => {
  test('is told for each of them, with user and address', () => {
    const { bmc, first, second } = scene();
    bmc.send(control(first, 'powerDown'));
    bmc.now += 1_000;
    bmc.send(control(second, 'powerDown'), elsewhere);
    bmc.now += 500;
    bmc.finish('chassisControl', isOff);

    expect(bmc.eventsOf('domainActionFinished')).toEqual([
      {
        ...{ kind: 'domainActionFinished', action: 'chassisControl', description: 'power off' },
        ...{ user: 'administrator', source: '192.0.2.7:40001', durationMs: 1_500 },
      },
      {
        ...{ kind: 'domainActionFinished', action: 'chassisControl', description: 'power off' },
        ...{ user: 'operator', source: '198.51.100.9:623', durationMs: 500, shared: true },
      },
    ]);
  });

  test('is told once for a client that sends again with another rqSeq', () => {
    const { bmc, first, second } = scene();
    bmc.send(control(first, 'powerDown'));
    for (let time = 0; time < 3; time += 1) {
      bmc.send(control(first, 'powerDown'));
      bmc.send(control(second, 'powerDown'), elsewhere);
    }
    bmc.finish('chassisControl', isOff);
    expect(bmc.eventsOf('domainActionFinished').map(({ user }) => user)).toEqual([
      'administrator',
      'operator',
    ]);
  });

  test('fails for both, late for the one whose answer has timed out', () => {
    const { bmc, first, second } = scene();
    bmc.send(control(first, 'powerDown'));
    bmc.advance(20_000);
    bmc.send(control(second, 'powerDown'), elsewhere);
    bmc.advance(10_000);
    bmc.finish('chassisControl', { ok: false, failure: { kind: 'virshFailed', message: 'broken' } });
    const [own, shared] = bmc.eventsOf('domainActionFinished');
    expect(own).toMatchObject({ late: true, failure: { kind: 'virshFailed' } });
    expect(shared).toMatchObject({ shared: true, failure: { kind: 'virshFailed' } });
    expect(shared).not.toHaveProperty('late');
  });
});

describe('a change that is refused with C0h', () => {
  test('is told with the client and what is under way, once for each client and change', () => {
    const { bmc, first, second } = scene();
    bmc.send(control(first, 'powerCycle'));
    for (let time = 0; time < 5; time += 1) bmc.send(control(second, 'powerUp'), elsewhere);

    expect(bmc.eventsOf('changeRefused')).toEqual([
      {
        ...{ kind: 'changeRefused', description: 'power on', underWay: 'power cycle' },
        ...{ user: 'operator', source: '198.51.100.9:623' },
      },
    ]);

    bmc.finish('chassisControl', isOn);
    bmc.send(control(first, 'hardReset'));
    bmc.send(control(second, 'powerUp'), elsewhere);
    expect(bmc.eventsOf('changeRefused')).toHaveLength(2);
  });

  test('is told once for a client that opens a new session each time', () => {
    const { bmc, first } = scene();
    bmc.send(control(first, 'powerCycle'));
    for (let port = 1; port <= 5; port += 1) {
      const from = { address: elsewhere.address, port };
      bmc.send(control(login(bmc, { as: 'operator', from }), 'powerUp'), from);
    }
    bmc.send(control(login(bmc), 'powerUp'), here);
    expect(bmc.eventsOf('changeRefused').map(({ source }) => source)).toEqual([
      '198.51.100.9:1',
      '192.0.2.7:40001',
    ]);
  });
});

describe("the power restore policy's power up while a change is under way", () => {
  const cause = 'power restore policy';

  function powerUps(bmc: SimulatedBmc): number {
    return bmc
      .underWay()
      .filter(({ action }) => action.kind === 'chassisControl' && action.chassisControl === 'powerUp').length;
  }

  test("follows the BMC's own change", () => {
    const bmc = new SimulatedBmc();
    bmc.start();
    bmc.handle({ type: 'powerUp', cause });
    expect(powerUps(bmc)).toBe(0);

    bmc.finish('recoverBootOverride', { ok: true, facts: {} });
    expect(powerUps(bmc)).toBe(1);
    bmc.finish('chassisControl', isOn);
    expect(bmc.eventsOf('domainActionFinished')).toMatchObject([{ description: 'power on', source: cause }]);
  });

  test("follows a client's change that leaves the machine as it is", () => {
    const { bmc, first } = scene();
    bmc.send(control(first, 'diagnosticInterrupt'));
    bmc.handle({ type: 'powerUp', cause });
    bmc.handle({ type: 'powerUp', cause });
    bmc.finish('chassisControl', { ok: false, failure: { kind: 'invalidInPresentState', message: 'off' } });
    expect(powerUps(bmc)).toBe(1);
    bmc.finish('chassisControl', isOn);
    expect(bmc.underWay()).toEqual([]);
  });

  test.each(['powerDown', 'softShutdown'] as const)('is given up, and told, after a %s', (name) => {
    const { bmc, first } = scene();
    bmc.send(control(first, name));
    bmc.handle({ type: 'powerUp', cause });
    bmc.finish('chassisControl', isOff);
    expect(bmc.underWay()).toEqual([]);
    expect(bmc.eventsOf('domainActionFinished').at(-1)).toMatchObject({
      ...{ description: 'power on', user: '', source: cause },
      failure: { kind: 'calledOff' },
    });
  });
});
