import assert from 'node:assert/strict';
import { getDeviceId } from '@vbmc/ipmi-codec';
import { remoteAddressText, type RemoteAddress } from '#worker/core/terms/remote-address.ts';
import { limits } from '#worker/core/terms/limits.ts';
import { newConsole } from '#support/bmc/console-of-bmc.ts';
import { shortPasswordOf } from '#support/bmc/console-v1-5-of-bmc.ts';
import { seededBytes } from '#support/bmc/seeded-bytes.ts';
import { SimulatedBmc, UUID, type Transmission } from '#support/bmc/simulated-bmc.ts';
import type { RemoteConsole } from '#support/remote-console.ts';
import { mutate } from './mutation.ts';
import { mutateInside, renumbered } from './repaired.ts';
import { BYSTANDER, bystanderAddress, kgOfSiege, NEW_PASSWORD, sources, usersWith } from './siege-cast.ts';
import { deliver, type Delivery } from './siege-delivery.ts';
import { Judge } from './siege-judge.ts';
import { Player } from './siege-player.ts';
import { playerNames, type PlayerName, type SiegeSettings, type Step, type StepOf } from './siege-step.ts';

/** The messages of a login, each to be made when the one before was answered. */
function handshakeOf(
  console: RemoteConsole,
  rakp3 = (): Uint8Array => console.rakpMessage3(),
): (() => Uint8Array)[] {
  return [() => console.openSessionRequest(), () => console.rakpMessage1(), rakp3];
}

/**
 * One BMC, a bystander with a session, and others who send it whatever the steps say: with passwords and without,
 * rightly, changed on the way, again, out of order. Every datagram's consequences are judged, and after every
 * step the bystander is served as if nobody else were there. Anything else raises.
 */
export class Siege {
  readonly bmc: SimulatedBmc;
  /** Datagrams given to the BMC. */
  datagrams = 0;
  readonly #settings: SiegeSettings;
  readonly #players: Readonly<Record<PlayerName, Player>>;
  readonly #judge: Judge;
  /** Everything that was on the wire, in both directions. */
  readonly #wire: Uint8Array[] = [];
  #bystander: RemoteConsole;

  constructor(settings: SiegeSettings) {
    this.#settings = settings;
    this.bmc = SimulatedBmc.started({
      allowedCipherSuites: settings.allowedCipherSuites,
      users: usersWith(shortPasswordOf),
      loginPolicy: { attempts: settings.loginAttempts, lockoutMs: 30_000 },
      ...(settings.twoKey ? { kg: kgOfSiege } : {}),
      allowsIpmiV15: settings.allowsIpmiV15,
      privilegeLimit: settings.privilegeLimit,
    });
    const player = (name: PlayerName): Player => new Player(name, settings);
    this.#players = Object.fromEntries(playerNames.map((name) => [name, player(name)])) as Record<
      PlayerName,
      Player
    >;
    this.#judge = new Judge(Object.values(this.#players), settings);
    this.#bystander = this.#logInBystander();
  }

  take(step: Step): void {
    this.#act(step);
    this.#serveBystander();
  }

  /** Everybody has gone, and everything has ended: then nothing is left. */
  settle(): void {
    for (let round = 0; round < 5; round += 1) {
      for (const { id } of this.bmc.underWay()) {
        this.bmc.finishId(id, { ok: true, facts: { domainState: 'running', uuid: UUID } });
      }
      this.bmc.advance(limits.sessionInactivityMs + 3_000);
    }
    assert.deepEqual(this.bmc.underWay(), []);
    assert.deepEqual(this.bmc.endpoint.describeSessions(this.bmc.now), []);
    assert.equal(this.bmc.endpoint.wantsTick, false, 'something is kept after everybody has gone');
  }

  #act(step: Step): void {
    const { bmc } = this;
    switch (step.kind) {
      case 'time':
        this.#elsewhere(bmc.advance(step.ms));
        return;
      case 'outcome': {
        const asked = bmc.underWay()[step.which];
        if (asked === undefined) return;
        const { failure, state } = step;
        this.#elsewhere(
          bmc.finishId(
            asked.id,
            failure === undefined
              ? { ok: true, facts: { domainState: state, uuid: UUID } }
              : { ok: false, failure: { kind: failure, message: 'as the siege wants it' } },
          ),
        );
        return;
      }
      case 'news':
        bmc.reportState(step.state, step.event);
        return;
      case 'distrust':
        bmc.handle({ type: 'domainStateUntrusted' });
        return;
      case 'powerUp':
        this.#elsewhere(bmc.handle({ type: 'powerUp', cause: 'siege' }));
        return;
      case 'users':
        this.#replaceUsers(step);
        return;
      case 'flood':
        for (let one = 0; one < step.count; one += 1) {
          const { nobody } = this.#players;
          nobody.renew('allowed');
          this.#send(nobody.console.openSessionRequest(), this.#source(step.source));
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
        const player = this.#players[step.player];
        const datagram = this.#datagramOf(player, step);
        if (datagram !== undefined) {
          this.#send(mutate(datagram, step.outside), this.#source(step.source), player);
        }
      }
    }
  }

  #datagramOf(
    player: Player,
    step: StepOf<'ping' | 'open' | 'rakp1' | 'rakp3' | 'challenge' | 'activate' | 'request' | 'crooked'>,
  ): Uint8Array | undefined {
    switch (step.kind) {
      case 'ping':
        return player.console.presencePing();
      case 'open':
        player.renew(step.suite);
        return player.console.openSessionRequest(step.tamper);
      case 'rakp1':
        return player.console.rakpMessage1(step.tamper);
      case 'rakp3':
        return player.rakp3(step.tamper);
      case 'challenge':
        return player.challenge();
      case 'activate':
        return player.activate(step.level, step.tamper);
      case 'request':
        return player.request(step);
      case 'crooked':
        return player.crooked(step);
    }
  }

  #logIn({ player: name, source, suite, level }: StepOf<'login'>): void {
    const player = this.#players[name];
    const from = this.#source(source);
    player.renew(suite);
    for (const make of handshakeOf(player.console, () => player.rakp3())) this.#send(make(), from, player);
    if (player.console.active) this.#send(player.raise(level), from, player);
  }

  #logInV15({ player: name, source, level }: StepOf<'loginV15'>): void {
    const player = this.#players[name];
    const from = this.#source(source);
    this.#send(player.challenge(), from, player);
    this.#send(player.activate(level), from, player);
    if (player.v15.active) this.#send(player.raise(level, 'v1.5 session'), from, player);
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
    this.#elsewhere(this.bmc.handle({ type: 'users', users }));
  }

  /** Gives a datagram to the BMC, judges what comes of it, and has its sender read the answer. */
  #send(datagram: Uint8Array, from: RemoteAddress, reader?: Player): void {
    const delivery = this.#give(datagram, from);
    this.#judge.judge(delivery);
    this.#wire.push(datagram, ...delivery.sent.map((answer) => answer.datagram));
    for (const answer of delivery.sent) reader?.read(answer.datagram);
    if (delivery.events.some((event) => event.kind === 'sessionClosed' && event.user === BYSTANDER))
      this.#bystander = this.#logInBystander();
  }

  #give(datagram: Uint8Array, from: RemoteAddress): Delivery {
    this.datagrams += 1;
    return deliver(this.bmc, datagram, from);
  }

  /** Answers that the passing of time or the end of an action brings: they go to those who asked before. */
  #elsewhere(sent: readonly Transmission[]): void {
    for (const { to, datagram } of sent) {
      assert.ok(
        sources.some(({ address, port }) => address === to.address && port === to.port),
        'an answer to nobody',
      );
      this.#judge.keepsSecrets(Buffer.from(datagram).toString('latin1'));
      this.#wire.push(datagram);
    }
  }

  #source(index: number): RemoteAddress {
    return sources[index % sources.length] ?? bystanderAddress;
  }

  #logInBystander(): RemoteConsole {
    const [cipherSuiteId = 17] = this.#settings.allowedCipherSuites;
    const kg = this.#settings.twoKey ? { kg: kgOfSiege } : {};
    const console = newConsole({
      ...{ userName: BYSTANDER, password: shortPasswordOf(BYSTANDER), cipherSuiteId },
      ...{ randomBytes: seededBytes(500_000 + this.datagrams), ...kg },
      privilegeLevel: this.#settings.privilegeLimit,
    });
    for (const make of handshakeOf(console)) {
      const { sent } = this.#give(make(), bystanderAddress);
      for (const { datagram } of sent) console.receive(datagram);
    }
    assert.ok(console.active, 'the bystander could not log in');
    return console;
  }

  #serveBystander(): void {
    const session = this.bmc.endpoint.describeSessions(this.bmc.now).find(({ user }) => user === BYSTANDER);
    assert.equal(session?.source, remoteAddressText(bystanderAddress), 'the answers’ way was moved');
    const request = this.#bystander.request(getDeviceId, undefined);
    const { sent, actions, events } = this.#give(request, bystanderAddress);
    assert.equal(sent.length, 1, 'the bystander was not answered');
    for (const { to, datagram } of sent) {
      assert.deepEqual(to, bystanderAddress);
      const answer = this.#bystander.receive(datagram);
      assert.ok(answer.kind === 'response' && answer.insideSession, 'the bystander was answered wrongly');
      assert.equal(answer.completionCode, 0);
    }
    assert.deepEqual([actions, events], [[], []]);
    this.#wire.push(request);
  }
}
