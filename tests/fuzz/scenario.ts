import assert from 'node:assert/strict';
import { getDeviceId } from '@vbmc/ipmi-codec';
import { remoteAddressText, type RemoteAddress } from '#worker/core/terms/remote-address.ts';
import { limits } from '#worker/core/terms/limits.ts';
import { newConsole } from '#support/bmc/console-of-bmc.ts';
import { shortPasswordOf } from '#support/bmc/console-v1-5-of-bmc.ts';
import { seededBytes } from '#support/seeded-random.ts';
import { SimulatedBmc, UUID, type Transmission } from '#support/bmc/simulated-bmc.ts';
import type { RemoteConsole } from '#support/console/remote-console.ts';
import { mutate } from '#support/hostile/mutation.ts';
import { mutateInside, renumbered } from '#support/hostile/mutate-inside.ts';
import { VICTIM, victimAddress, scenarioKg, NEW_PASSWORD, sources, usersWith } from './scenario-users.ts';
import { deliver, type Delivery } from './delivery.ts';
import { DeliveryChecker } from './delivery-checker.ts';
import { FuzzClient } from './fuzz-client.ts';
import {
  clientNames,
  type ClientName,
  type ScenarioSettings,
  type Step,
  type StepOf,
} from './scenario-step.ts';

/** The messages of a login. Each is made after the previous one was answered. */
function handshakeOf(
  console: RemoteConsole,
  rakp3 = (): Uint8Array => console.rakpMessage3(),
): (() => Uint8Array)[] {
  return [() => console.openSessionRequest(), () => console.rakpMessage1(), rakp3];
}

/**
 * One BMC, a victim with a session, and other clients that send what the steps say: with and without passwords,
 * well-formed, changed on the way, repeated, out of order. Raises if a datagram has an effect that it must not have, or
 * if the BMC does not serve the victim after a step.
 */
export class Scenario {
  readonly bmc: SimulatedBmc;
  /** Datagrams delivered to the BMC. */
  datagrams = 0;
  readonly #settings: ScenarioSettings;
  readonly #clients: Readonly<Record<ClientName, FuzzClient>>;
  readonly #checker: DeliveryChecker;
  /** All datagrams so far, in both directions. */
  readonly #wire: Uint8Array[] = [];
  #victim: RemoteConsole;

  constructor(settings: ScenarioSettings) {
    this.#settings = settings;
    this.bmc = SimulatedBmc.started({
      allowedCipherSuites: settings.allowedCipherSuites,
      users: usersWith(shortPasswordOf),
      loginPolicy: { attempts: settings.loginAttempts, lockoutMs: 30_000 },
      ...(settings.twoKey ? { kg: scenarioKg } : {}),
      allowsIpmiV15: settings.allowsIpmiV15,
      privilegeLimit: settings.privilegeLimit,
    });
    const client = (name: ClientName): FuzzClient => new FuzzClient(name, settings);
    this.#clients = Object.fromEntries(clientNames.map((name) => [name, client(name)])) as Record<
      ClientName,
      FuzzClient
    >;
    this.#checker = new DeliveryChecker(Object.values(this.#clients), settings);
    this.#victim = this.#logInVictim();
  }

  run(step: Step): void {
    this.#runStep(step);
    this.#expectVictimServed();
  }

  /** Ends all actions, lets all sessions time out, and asserts that the BMC keeps nothing. */
  finish(): void {
    for (let round = 0; round < 5; round += 1) {
      for (const { id } of this.bmc.underWay()) {
        this.bmc.finishId(id, { ok: true, facts: { domainState: 'running', uuid: UUID } });
      }
      this.bmc.advance(limits.sessionInactivityMs + 3_000);
    }
    assert.deepEqual(this.bmc.underWay(), []);
    assert.deepEqual(this.bmc.endpoint.describeSessions(this.bmc.now), []);
    assert.equal(this.bmc.endpoint.wantsTick, false, 'the BMC keeps something after all sessions ended');
  }

  #runStep(step: Step): void {
    const { bmc } = this;
    switch (step.kind) {
      case 'time':
        this.#checkDelayed(bmc.advance(step.ms));
        return;
      case 'outcome': {
        const asked = bmc.underWay()[step.which];
        if (asked === undefined) return;
        const { failure, state } = step;
        this.#checkDelayed(
          bmc.finishId(
            asked.id,
            failure === undefined
              ? { ok: true, facts: { domainState: state, uuid: UUID } }
              : { ok: false, failure: { kind: failure, message: 'as the scenario says' } },
          ),
        );
        return;
      }
      case 'domainReport':
        bmc.reportState(step.state, step.event);
        return;
      case 'distrust':
        bmc.handle({ type: 'domainStateUntrusted' });
        return;
      case 'powerUp':
        this.#checkDelayed(bmc.handle({ type: 'powerUp', cause: 'scenario' }));
        return;
      case 'users':
        this.#replaceUsers(step);
        return;
      case 'flood':
        for (let one = 0; one < step.count; one += 1) {
          const { unknownUser } = this.#clients;
          unknownUser.restart('allowed');
          this.#send(unknownUser.console.openSessionRequest(), this.#source(step.source));
        }
        return;
      case 'noise':
        this.#send(step.datagram, this.#source(step.source));
        return;
      case 'recorded':
        this.#sendAgain(step);
        return;
      case 'login':
        this.#logIn(step);
        return;
      case 'loginV15':
        this.#logInV15(step);
        return;
      default: {
        const client = this.#clients[step.client];
        const datagram = this.#datagramOf(client, step);
        if (datagram !== undefined) {
          this.#send(mutate(datagram, step.outside), this.#source(step.source), client);
        }
      }
    }
  }

  #datagramOf(
    client: FuzzClient,
    step: StepOf<
      'ping' | 'open' | 'rakp1' | 'rakp3' | 'challenge' | 'activate' | 'request' | 'sealedMalformed'
    >,
  ): Uint8Array | undefined {
    switch (step.kind) {
      case 'ping':
        return client.console.presencePing();
      case 'open':
        client.restart(step.suite);
        return client.console.openSessionRequest(step.tamper);
      case 'rakp1':
        return client.console.rakpMessage1(step.tamper);
      case 'rakp3':
        return client.rakp3(step.tamper);
      case 'challenge':
        return client.challenge();
      case 'activate':
        return client.activate(step.level, step.tamper);
      case 'request':
        return client.request(step);
      case 'sealedMalformed':
        return client.sealMalformed(step);
    }
  }

  #logIn({ client: name, source, suite, level }: StepOf<'login'>): void {
    const client = this.#clients[name];
    const from = this.#source(source);
    client.restart(suite);
    for (const make of handshakeOf(client.console, () => client.rakp3())) this.#send(make(), from, client);
    if (client.console.active) this.#send(client.raise(level), from, client);
  }

  #logInV15({ client: name, source, level }: StepOf<'loginV15'>): void {
    const client = this.#clients[name];
    const from = this.#source(source);
    this.#send(client.challenge(), from, client);
    this.#send(client.activate(level), from, client);
    if (client.v15.active) this.#send(client.raise(level, 'v1.5 session'), from, client);
  }

  #sendAgain({ which, tailOf, renumber, inside, outside, source }: StepOf<'recorded'>): void {
    const { length } = this.#wire;
    const whole = this.#wire[which % length];
    const other = tailOf === undefined ? undefined : this.#wire[tailOf % length];
    if (whole === undefined) return;
    const half = whole.length >>> 1;
    const spliced =
      other === undefined ? whole : Buffer.concat([whole.subarray(0, half), other.subarray(half)]);
    this.#send(mutate(renumbered(mutateInside(spliced, inside), renumber), outside), this.#source(source));
  }

  #replaceUsers({ without, newPasswordOf }: StepOf<'users'>): void {
    const users = usersWith((name) => {
      if (name === without) return undefined;
      return name === newPasswordOf ? NEW_PASSWORD : shortPasswordOf(name);
    });
    this.#checkDelayed(this.bmc.handle({ type: 'users', users }));
  }

  /** Delivers a datagram, checks what the BMC does, and gives the answer to the client. */
  #send(datagram: Uint8Array, from: RemoteAddress, reader?: FuzzClient): void {
    const delivery = this.#deliver(datagram, from);
    this.#checker.check(delivery);
    this.#wire.push(datagram, ...delivery.sent.map((answer) => answer.datagram));
    for (const answer of delivery.sent) reader?.read(answer.datagram);
    if (delivery.events.some((event) => event.kind === 'sessionClosed' && event.user === VICTIM))
      this.#victim = this.#logInVictim();
  }

  #deliver(datagram: Uint8Array, from: RemoteAddress): Delivery {
    this.datagrams += 1;
    return deliver(this.bmc, datagram, from);
  }

  /** Checks answers that the clock or the end of an action triggered: they must go to an address that asked before. */
  #checkDelayed(sent: readonly Transmission[]): void {
    for (const { to, datagram } of sent) {
      assert.ok(
        sources.some(({ address, port }) => address === to.address && port === to.port),
        'an answer to an address that never asked',
      );
      this.#checker.assertNoSecret(Buffer.from(datagram).toString('latin1'));
      this.#wire.push(datagram);
    }
  }

  #source(index: number): RemoteAddress {
    return sources[index % sources.length] ?? victimAddress;
  }

  #logInVictim(): RemoteConsole {
    const [cipherSuiteId = 17] = this.#settings.allowedCipherSuites;
    const kg = this.#settings.twoKey ? { kg: scenarioKg } : {};
    const console = newConsole({
      ...{ userName: VICTIM, password: shortPasswordOf(VICTIM), cipherSuiteId },
      ...{ randomBytes: seededBytes(500_000 + this.datagrams), ...kg },
      privilegeLevel: this.#settings.privilegeLimit,
    });
    for (const make of handshakeOf(console)) {
      const { sent } = this.#deliver(make(), victimAddress);
      for (const { datagram } of sent) console.receive(datagram);
    }
    assert.ok(console.active, 'the victim cannot log in');
    return console;
  }

  #expectVictimServed(): void {
    const session = this.bmc.endpoint.describeSessions(this.bmc.now).find(({ user }) => user === VICTIM);
    assert.equal(
      session?.source,
      remoteAddressText(victimAddress),
      'the victim’s answers go to another address',
    );
    const request = this.#victim.request(getDeviceId, undefined);
    const { sent, actions, events } = this.#deliver(request, victimAddress);
    assert.equal(sent.length, 1, 'the victim got no answer');
    for (const { to, datagram } of sent) {
      assert.deepEqual(to, victimAddress);
      const answer = this.#victim.receive(datagram);
      assert.ok(answer.kind === 'response' && answer.insideSession, 'the victim got a wrong answer');
      assert.equal(answer.completionCode, 0);
    }
    assert.deepEqual([actions, events], [[], []]);
    this.#wire.push(request);
  }
}
