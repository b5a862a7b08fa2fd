import fc from 'fast-check';
import {
  chassisControlCommand,
  coldReset,
  getChassisStatus,
  netFn,
  setSessionPrivilegeLevel,
  setSystemBootOptions,
  type CipherSuiteId,
  type Command,
  type PayloadType,
  type PrivilegeLevel,
} from '@vbmc/ipmi-codec';
import type { DomainEvent, DomainFailureKind, DomainState } from '#worker/core/terms/domain-action.ts';
import { completionCodeOfFailure } from '#worker/core/terms/domain-failure.ts';
import { allCommands } from '#support/all-commands.ts';
import { algorithms, bits, byte, bytes, bytesUpTo, acceptedPayloadType, u32 } from '#support/arbitraries.ts';
import { mutations } from '#support/hostile/mutation.ts';
import {
  clientNames,
  type ClientName,
  type ScenarioSettings,
  type Step,
  type StepOf,
} from './scenario-step.ts';

function kind<Kind extends Step['kind']>(name: Kind): fc.Arbitrary<Kind> {
  return fc.constant(name);
}
const client = fc.constantFrom(...clientNames);
/** Favours clients that can log in, so that many packets belong to a session. */
const likelyLoggedIn = fc.constantFrom<ClientName[]>(
  ...['administrator' as const, 'administrator' as const, 'operator' as const],
  ...['user' as const, 'callback' as const, 'guesser' as const],
);
const source = fc.nat(5);
const level = fc.constantFrom<PrivilegeLevel[]>('user', 'operator', 'administrator');
const outside = fc.oneof({ arbitrary: fc.constant([]), weight: 3 }, { arbitrary: mutations, weight: 1 });
const sending = { client, source, outside };
/** The BMC's preferred suite, or any suite, which the BMC may not allow. */
const suite = fc.oneof(
  { arbitrary: fc.constant('allowed' as const), weight: 4 },
  { arbitrary: fc.constantFrom<CipherSuiteId[]>(0, 1, 2, 3, 15, 16, 17), weight: 2 },
);
const domainState = fc.constantFrom<DomainState[]>('running', 'shutOff', 'paused', 'crashed', 'inShutdown');
const allOptional = { requiredKeys: [] };

function ofCommand<Request, Response>(
  command: Command<Request, Response>,
  ...data: readonly NoInfer<Request>[]
) {
  return fc.constantFrom(...data).map((value) => ({
    netFn: netFn[command.netFn],
    command: command.code,
    data: command.request.encode(value),
  }));
}

/** Requests that have an effect, and all commands with data that may be valid by chance. */
const message = fc.oneof(
  ofCommand(chassisControlCommand, { chassisControl: 'powerUp' }, { chassisControl: 'powerCycle' }),
  ofCommand(getChassisStatus, undefined),
  ofCommand(coldReset, undefined),
  ofCommand(setSessionPrivilegeLevel, { privilegeLevel: 3 }, { privilegeLevel: 4 }),
  ofCommand(setSystemBootOptions, {
    markInvalid: false,
    parameterSelector: 5,
    parameterData: Uint8Array.of(0x80, 0x04, 0, 0, 0),
  }),
  fc
    .tuple(
      fc.constantFrom(...allCommands),
      fc.oneof(
        fc.array(fc.nat(15), { maxLength: 9 }).map((small) => Uint8Array.from(small)),
        bytesUpTo(40),
      ),
    )
    .map(([command, data]) => ({ netFn: netFn[command.netFn], command: command.code, data })),
  fc.record({ netFn: bits(6), command: byte, data: bytesUpTo(24) }),
);

const request = fc
  .record({
    ...sending,
    client: likelyLoggedIn,
    kind: kind('request'),
    envelope: fc.constantFrom<StepOf<'request'>['envelope'][]>(
      ...['session' as const, 'session' as const, 'v1.5 session' as const, 'v1.5' as const, 'v2.0' as const],
    ),
    toAddress: fc.oneof({ arbitrary: fc.constant(0x20), weight: 9 }, { arbitrary: byte, weight: 1 }),
    toLun: fc.oneof({ arbitrary: fc.constant(0), weight: 9 }, { arbitrary: bits(2), weight: 1 }),
    rqSeq: bits(6),
    sequence: fc.oneof(
      { arbitrary: fc.constant('next' as const), weight: 4 },
      { arbitrary: fc.integer({ min: -40, max: 40 }), weight: 1 },
    ),
    payloadType: fc.oneof(
      { arbitrary: fc.constant<PayloadType>('ipmiMessage'), weight: 9 },
      { arbitrary: acceptedPayloadType, weight: 1 },
    ),
    inside: outside,
  })
  .chain((around) => message.map((what) => ({ ...around, ...what })));

const step: fc.Arbitrary<Step> = fc.oneof(
  { arbitrary: fc.record({ kind: kind('noise'), source, datagram: bytesUpTo(300) }), weight: 1 },
  { arbitrary: fc.record({ ...sending, kind: kind('ping') }), weight: 1 },
  {
    arbitrary: fc.record({
      ...sending,
      kind: kind('open'),
      suite,
      tamper: fc.record(
        { requestedMaximumPrivilegeLevel: bits(4), remoteConsoleSessionId: u32, algorithms },
        allOptional,
      ),
    }),
    weight: 3,
  },
  {
    arbitrary: fc.record({
      ...sending,
      kind: kind('rakp1'),
      tamper: fc.record({ role: byte, userName: bytesUpTo(20), managedSystemSessionId: u32 }, allOptional),
    }),
    weight: 3,
  },
  {
    arbitrary: fc.record({
      ...sending,
      kind: kind('rakp3'),
      tamper: fc.record({ status: byte, keyExchangeAuthenticationCode: bytesUpTo(40) }, allOptional),
    }),
    weight: 3,
  },
  {
    arbitrary: fc.record({
      kind: kind('login'),
      client: likelyLoggedIn,
      source,
      suite,
      level,
    }),
    weight: 5,
  },
  { arbitrary: fc.record({ ...sending, kind: kind('challenge') }), weight: 1 },
  {
    arbitrary: fc.record({
      ...sending,
      kind: kind('activate'),
      level,
      tamper: fc.record(
        { authenticationType: bits(4), challenge: bytes(16), initialOutboundSequenceNumber: u32 },
        allOptional,
      ),
    }),
    weight: 2,
  },
  {
    arbitrary: fc.record({ kind: kind('loginV15'), client: likelyLoggedIn, source, level }),
    weight: 3,
  },
  { arbitrary: request, weight: 12 },
  {
    arbitrary: fc.record({
      ...sending,
      client: likelyLoggedIn,
      kind: kind('sealedMalformed'),
      encrypted: fc.boolean(),
      authenticated: fc.boolean(),
      payload: bytesUpTo(64),
      encipher: fc.boolean(),
      trailer: fc.oneof(fc.constant(Uint8Array.of(0, 7)), bytesUpTo(6)),
      sequence: fc.integer({ min: -40, max: 40 }),
    }),
    weight: 2,
  },
  {
    arbitrary: fc.record({
      kind: kind('recorded'),
      source,
      which: fc.nat(500),
      tailOf: fc.option(fc.nat(500), { nil: undefined, freq: 4 }),
      renumber: fc.oneof({ arbitrary: fc.constant(0), weight: 2 }, fc.integer({ min: -40, max: 40 })),
      inside: outside,
      outside: fc.oneof(fc.constant([]), mutations),
    }),
    weight: 8,
  },
  {
    arbitrary: fc.record({ kind: kind('flood'), source, count: fc.integer({ min: 1, max: 120 }) }),
    weight: 1,
  },
  {
    arbitrary: fc.record({
      kind: kind('time'),
      ms: fc.oneof({ arbitrary: fc.nat(2_000), weight: 4 }, fc.nat(25_000)),
    }),
    weight: 3,
  },
  {
    arbitrary: fc.record({
      kind: kind('outcome'),
      which: fc.nat(3),
      failure: fc.option(fc.constantFrom(...(Object.keys(completionCodeOfFailure) as DomainFailureKind[])), {
        nil: undefined,
        freq: 2,
      }),
      state: domainState,
    }),
    weight: 2,
  },
  {
    arbitrary: fc.record({
      kind: kind('domainReport'),
      state: domainState,
      event: fc.constantFrom<(DomainEvent | undefined)[]>(undefined, 'started', 'rebooted'),
    }),
    weight: 1,
  },
  { arbitrary: fc.record({ kind: fc.constantFrom('distrust' as const, 'powerUp' as const) }), weight: 1 },
  {
    arbitrary: fc.record({ kind: kind('users'), without: client, newPasswordOf: client }),
    weight: 1,
  },
);

export const scenarioSettings: fc.Arbitrary<ScenarioSettings> = fc.record({
  allowedCipherSuites: fc.constantFrom<CipherSuiteId[][]>([17, 3], [3], [17], [16, 2], [17, 15], [3, 1, 0]),
  twoKey: fc.boolean(),
  loginAttempts: fc.constantFrom(10, 10, 2, 0),
  allowsIpmiV15: fc.boolean(),
  privilegeLimit: fc.constantFrom<PrivilegeLevel[]>('administrator', 'administrator', 'operator'),
});

export const scenarioSteps: fc.Arbitrary<Step[]> = fc.array(step, {
  minLength: 1,
  maxLength: 50,
  size: 'max',
});
