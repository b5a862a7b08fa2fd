import { chassisIdentify, getSdrRepositoryInfo, getSdrRepositoryTime } from '@vbmc/ipmi-codec';
import { recordCommands } from '#worker/core/request/record-commands.ts';
import { limits } from '#worker/core/terms/limits.ts';
import { login, newConsole, readOnly } from '#support/bmc/console-of-bmc.ts';
import { SimulatedBmc, type Transmission } from '#support/bmc/simulated-bmc.ts';
import type { RemoteConsole } from '#support/console/remote-console.ts';

const NODE_BUSY = 0xc0;
const TIMEOUT = 0xc3;
const INSUFFICIENT_PRIVILEGE = 0xd4;
const UNSPECIFIED = 0xff;

function codeIn(console: RemoteConsole, sent: readonly Transmission[]): number {
  const answer = readOnly(console, sent);
  if (answer.kind !== 'response') throw new Error(JSON.stringify(answer));
  return answer.completionCode;
}

describe('commands that are read later', () => {
  const loaded = { type: 'commandsLoaded', group: 'records', handlers: recordCommands } as const;

  function bmcWithout(): SimulatedBmc {
    const bmc = SimulatedBmc.started();
    bmc.loadsNothing = true;
    return bmc;
  }

  test('wait for their handlers, in their order, and find them afterwards', () => {
    const bmc = bmcWithout();
    const console = login(bmc, { as: 'user' });
    expect(bmc.send(console.request(getSdrRepositoryInfo, undefined))).toEqual([]);
    expect(bmc.send(console.request(getSdrRepositoryInfo, undefined))).toEqual([]);
    const sent = bmc.handle(loaded);
    expect(sent.map((one) => codeIn(console, [one]))).toEqual([0, 0]);
    expect(codeIn(console, bmc.send(console.request(getSdrRepositoryInfo, undefined)))).toBe(0);
  });

  test('that cannot be read are answered C0h, and tried again at the next request', () => {
    const bmc = bmcWithout();
    const console = login(bmc, { as: 'user' });
    bmc.send(console.request(getSdrRepositoryInfo, undefined));
    const sent = bmc.handle({ type: 'commandsLoaded', group: 'records', handlers: undefined });
    expect(sent.map((one) => codeIn(console, [one]))).toEqual([NODE_BUSY]);
    expect(bmc.send(console.request(getSdrRepositoryInfo, undefined))).toEqual([]);
    expect(bmc.handle(loaded).map((one) => codeIn(console, [one]))).toEqual([0]);
  });

  test('are answered once, however often they are sent while they wait', () => {
    const bmc = bmcWithout();
    const console = login(bmc, { as: 'user' });
    bmc.send(console.request(getSdrRepositoryInfo, undefined));
    expect(bmc.send(console.retransmit())).toEqual([]);
    expect(bmc.handle(loaded)).toHaveLength(1);
  });

  test('wait in bounds', () => {
    const bmc = bmcWithout();
    const [console, another] = [login(bmc, { as: 'user' }), login(bmc, { as: 'user' })];
    for (let sent = 0; sent < limits.openQuestions; sent += 1)
      expect(bmc.send(console.request(getSdrRepositoryInfo, undefined))).toEqual([]);
    expect(codeIn(another, bmc.send(another.request(getSdrRepositoryInfo, undefined)))).toBe(NODE_BUSY);
  });

  test('of a session that has ended meanwhile are not answered', () => {
    const bmc = bmcWithout();
    const console = login(bmc, { as: 'user' });
    bmc.send(console.request(getSdrRepositoryInfo, undefined));
    bmc.handle({ type: 'users', users: [] });
    expect(bmc.handle(loaded)).toEqual([]);
  });

  test('need their privilege', () => {
    const bmc = SimulatedBmc.started();
    const console = login(bmc, { as: 'user' });
    const request = console.request(chassisIdentify, { seconds: 1, forced: false });
    expect(codeIn(console, bmc.send(request))).toBe(INSUFFICIENT_PRIVILEGE);
  });

  test('are not read for anybody without a session', () => {
    const bmc = bmcWithout();
    const console = newConsole();
    const request = console.request(getSdrRepositoryInfo, undefined);
    expect(codeIn(console, bmc.send(request))).toBe(INSUFFICIENT_PRIVILEGE);
  });
});

describe('commands that ask', () => {
  test('are answered when the answer is there', () => {
    const bmc = SimulatedBmc.started();
    const console = login(bmc, { as: 'user' });
    expect(bmc.send(console.request(getSdrRepositoryTime, undefined))).toEqual([]);
    const sent = bmc.answer('readWallClock', { ok: true, value: 7 });
    expect(readOnly(console, sent)).toMatchObject({ completionCode: 0, value: { time: 7 } });
  });

  test.each([
    ['unanswered', TIMEOUT],
    ['failed', UNSPECIFIED],
  ] as const)('and are %s say so with %i', (why, code) => {
    const bmc = SimulatedBmc.started();
    const console = login(bmc);
    bmc.send(console.request(chassisIdentify, { seconds: 0, forced: true }));
    expect(bmc.questions).toMatchObject([{ question: { kind: 'setIdentify', lamp: 'on' } }]);
    expect(codeIn(console, bmc.answer('setIdentify', { ok: false, why }))).toBe(code);
  });

  test('change once, however often they are sent', () => {
    const bmc = SimulatedBmc.started();
    const console = login(bmc);
    bmc.send(console.request(chassisIdentify, { seconds: 5, forced: false }));
    expect(bmc.send(console.retransmit())).toEqual([]);
    const again = console.retransmit();
    expect(codeIn(console, bmc.answerAll())).toBe(0);
    expect(bmc.send(again)).toHaveLength(1);
    expect(bmc.questions).toHaveLength(1);
  });

  test('wait in bounds', () => {
    const bmc = SimulatedBmc.started();
    const consoles = [login(bmc), login(bmc), login(bmc)];
    const value = { seconds: 5, forced: false };
    const sent = consoles.map((console) =>
      Array.from({ length: limits.openQuestions / 2 }, () =>
        bmc.send(console.request(chassisIdentify, value)),
      ),
    );
    expect(sent.map((all) => all.flat().length)).toEqual([0, 0, limits.openQuestions / 2]);
    const [, , last] = consoles;
    expect(last && codeIn(last, sent[2]?.[0] ?? [])).toBe(NODE_BUSY);
  });

  test('and no session makes the supervisor work all the time, or costs another its answers', () => {
    const bmc = SimulatedBmc.started();
    const [greedy, other] = [login(bmc, { as: 'user' }), login(bmc, { as: 'user' })];
    const ask = (console: RemoteConsole): number => {
      const sent = bmc.send(console.request(getSdrRepositoryTime, undefined));
      return codeIn(console, sent.length > 0 ? sent : bmc.answerAll());
    };
    const { burst, perSecond } = limits.questionsPerSession;
    const codes = Array.from({ length: burst + 10 }, () => ask(greedy));
    expect(codes.filter((code) => code === NODE_BUSY)).toHaveLength(10);
    expect(ask(other)).toBe(0);
    bmc.now += 1_000;
    const later = Array.from({ length: perSecond + 5 }, () => ask(greedy));
    expect(later.filter((code) => code === NODE_BUSY)).toHaveLength(5);
  });
});
