/** A power off waits for nothing: change × change, and what becomes of the change that it overtakes. */
import {
  chassisControl,
  chassisControlCommand,
  getSystemBootOptions,
  setPowerRestorePolicy,
  setSystemBootOptions,
  type ChassisControl,
} from '@vbmc/ipmi-codec';
import { conflictOf, type Conflict, type Rival } from '#worker/core/request/change-conflicts.ts';
import { noBootFlags } from '#worker/core/domain/boot-options.ts';
import type { DomainAction, DomainActionOutcome } from '#worker/core/terms/domain-action.ts';
import type { RemoteConsole } from '#support/console/remote-console.ts';
import { login, readOnly, respondTo } from '#support/bmc/console-of-bmc.ts';
import { SimulatedBmc, UUID, type Transmission } from '#support/bmc/simulated-bmc.ts';

const isOff: DomainActionOutcome = { ok: true, facts: { domainState: 'shutOff' } };
const isOn: DomainActionOutcome = { ok: true, facts: { domainState: 'running' } };
const NODE_BUSY = 0xc0;
const NOT_IN_PRESENT_STATE = 0xd5;

const controls = (Object.keys(chassisControl) as ChassisControl[]).map((control): DomainAction => ({
  kind: 'chassisControl',
  chassisControl: control,
}));
const powerOff: DomainAction = { kind: 'chassisControl', chassisControl: 'powerDown' };
const setFlags: DomainAction = { kind: 'setBootFlags', bootFlags: noBootFlags };
const storePolicy: DomainAction = { kind: 'storePowerRestorePolicy', policy: 'alwaysOn' };
const requests: readonly DomainAction[] = [...controls, setFlags, storePolicy];
const ownChanges: readonly DomainAction[] = [
  { kind: 'recoverBootOverride' },
  { kind: 'followGuestReboot', isRecent: true },
  { kind: 'setBootFlags', bootFlags: noBootFlags },
  { kind: 'chassisControl', chassisControl: 'powerUp' },
  {
    kind: 'finishStart',
    start: { description: 'power cycle', user: 'admin', source: '192.0.2.7:40000', uuid: UUID },
  },
];

function nameOf(action: DomainAction): string {
  return action.kind === 'chassisControl' ? action.chassisControl : action.kind;
}

function expected(action: DomainAction, rival: DomainAction, askedBy: Rival['askedBy']): Conflict {
  if (nameOf(action) === 'powerDown') {
    if (nameOf(rival) === 'powerDown') return 'joins';
    return rival.kind === 'storePowerRestorePolicy' ? 'followsAlong' : 'callsOff';
  }
  if (askedBy === 'bmc') return 'followsAlong';
  return askedBy === 'thisSession' && nameOf(action) === nameOf(rival) ? 'joins' : 'isRefused';
}

describe.each(requests.map((action) => [nameOf(action), action] as const))('%s', (_, action) => {
  const rivals = [
    ...requests.flatMap((rival) => [
      { action: rival, askedBy: 'thisSession' as const },
      { action: rival, askedBy: 'another' as const },
    ]),
    ...ownChanges.map((rival) => ({ action: rival, askedBy: 'bmc' as const })),
  ];
  test.each(rivals.map((rival) => [nameOf(rival.action), rival.askedBy, rival] as const))(
    'while %s asked by %s is under way',
    (_name, askedBy, rival) => {
      expect(conflictOf(action, rival)).toBe(expected(action, rival.action, askedBy));
    },
  );
});

function control(console: RemoteConsole, name: ChassisControl, rqSeq?: number): Uint8Array {
  const tamper = rqSeq === undefined ? {} : { rqSeq };
  return console.request(chassisControlCommand, { chassisControl: name }, tamper);
}

function pxe(console: RemoteConsole): Uint8Array {
  return console.request(setSystemBootOptions, {
    markInvalid: false,
    parameterSelector: 5,
    parameterData: Uint8Array.of(0x80, 0x04, 0, 0, 0),
  });
}

function codeIn(console: RemoteConsole, sent: readonly Transmission[]): number | string {
  const answer = readOnly(console, sent);
  return answer.kind === 'response' ? answer.completionCode : answer.kind;
}

function scene(): { bmc: SimulatedBmc; first: RemoteConsole; second: RemoteConsole } {
  const bmc = SimulatedBmc.started();
  return { bmc, first: login(bmc), second: login(bmc) };
}

function lastId(bmc: SimulatedBmc): number {
  return bmc.actions.at(-1)?.id ?? NaN;
}

describe('a power off', () => {
  const overtaken: readonly [string, (console: RemoteConsole) => Uint8Array][] = [
    ...controls
      .filter((action) => nameOf(action) !== 'powerDown')
      .map((action): [string, (console: RemoteConsole) => Uint8Array] => [
        nameOf(action),
        (console) => control(console, nameOf(action) as ChassisControl),
      ]),
    ['boot device', pxe],
  ];

  test.each(overtaken)(
    'overtakes %s: D5h to its client, and the domain is switched off at once',
    (_, ask) => {
      const { bmc, first, second } = scene();
      bmc.send(ask(first));
      const overtakenId = lastId(bmc);

      const sent = bmc.send(control(second, 'powerDown'));

      expect(codeIn(first, sent)).toBe(NOT_IN_PRESENT_STATE);
      expect(bmc.calledOff).toEqual([overtakenId]);
      expect(bmc.actions.at(-1)?.action).toEqual(powerOff);
      expect(bmc.eventsOf('domainActionFinished')).toMatchObject([{ failure: { kind: 'calledOff' } }]);
      expect(codeIn(second, bmc.finishId(lastId(bmc), isOff))).toBe(0);
    },
  );

  test('gets its outcome whatever comes of the overtaken change, which is no news any more', () => {
    const { bmc, first, second } = scene();
    bmc.send(control(first, 'powerUp'));
    const overtakenId = lastId(bmc);
    bmc.send(control(second, 'powerDown'));

    expect(bmc.finishId(overtakenId, isOn)).toEqual([]);
    expect(codeIn(second, bmc.finishId(lastId(bmc), isOff))).toBe(0);
    expect(bmc.eventsOf('domainActionFinished')).toHaveLength(2);
  });

  test('overtakes a change of its own session too', () => {
    const { bmc, first } = scene();
    bmc.send(control(first, 'powerCycle', 9));
    const [refused, ...more] = bmc.send(control(first, 'powerDown', 10));
    expect(more).toEqual([]);
    expect(refused === undefined ? undefined : first.receive(refused.datagram)).toMatchObject({
      rqSeq: 9,
      completionCode: NOT_IN_PRESENT_STATE,
    });
    expect(codeIn(first, bmc.finishId(lastId(bmc), isOff))).toBe(0);
  });

  test('is one for three clients at the same moment, and each gets the success', () => {
    const { bmc, first, second } = scene();
    const third = login(bmc);
    for (const console of [first, second, third]) bmc.send(control(console, 'powerDown'));

    expect(bmc.asked('chassisControl')).toBe(1);
    const sent = bmc.finish('chassisControl', isOff);
    expect(sent).toHaveLength(3);
    for (const [index, console] of [first, second, third].entries()) {
      expect(codeIn(console, sent.slice(index, index + 1))).toBe(0);
    }
  });

  test('overtakes what the BMC does of its own accord', () => {
    const bmc = new SimulatedBmc();
    bmc.start();
    const check = bmc.actions.find(({ action }) => action.kind === 'recoverBootOverride');
    const console = login(bmc);
    bmc.send(control(console, 'powerDown'));
    expect(bmc.calledOff).toEqual([check?.id]);
    expect(codeIn(console, bmc.finishId(lastId(bmc), isOff))).toBe(0);
  });

  test('leaves the store of a power restore policy alone', () => {
    const { bmc, first, second } = scene();
    bmc.send(first.request(setPowerRestorePolicy, { policy: 'alwaysOn' }));
    bmc.send(control(second, 'powerDown'));
    expect(bmc.calledOff).toEqual([]);
    expect(bmc.asked('chassisControl')).toBe(1);
  });
});

describe('after a power off has overtaken a change', () => {
  test('a retransmission of the overtaken change gets the recorded refusal', () => {
    const { bmc, first, second } = scene();
    bmc.send(control(first, 'powerUp'));
    bmc.send(control(second, 'powerDown'));
    bmc.finishId(lastId(bmc), isOff);

    expect(codeIn(first, bmc.send(first.retransmit()))).toBe(NOT_IN_PRESENT_STATE);
    expect(bmc.asked('chassisControl')).toBe(2);
  });

  test('another change gets C0h while it is under way, and is carried out afterwards', () => {
    const { bmc, first, second } = scene();
    bmc.send(control(first, 'softShutdown'));
    bmc.send(control(second, 'powerDown'));

    expect(codeIn(first, bmc.send(control(first, 'powerUp')))).toBe(NODE_BUSY);
    bmc.finishId(lastId(bmc), isOff);
    expect(bmc.send(control(first, 'powerUp'))).toEqual([]);
    expect(bmc.actions.at(-1)?.action).toMatchObject({ chassisControl: 'powerUp' });
  });

  test('the boot flags are read again, because a boot device may have been set halfway', () => {
    const { bmc, first, second } = scene();
    bmc.reportState('running');
    bmc.send(pxe(first));
    bmc.send(control(second, 'powerDown'));
    bmc.finishId(lastId(bmc), isOff);

    expect(bmc.actions.at(-1)?.action).toEqual({ kind: 'recoverBootOverride' });
    bmc.finish('recoverBootOverride', {
      ok: true,
      facts: { bootFlags: { valid: true, persistent: false, efi: false, device: 'pxe' } },
    });
    const read = { parameterSelector: 5, setSelector: 0, blockSelector: 0, revisionOnly: false };
    expect(respondTo(bmc, second, getSystemBootOptions, read).value).toMatchObject({
      parameterData: Uint8Array.of(0x80, 0x04, 0, 0, 0),
    });
  });
});
