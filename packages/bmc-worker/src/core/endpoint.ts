import {
  authenticationType,
  cipherSuites,
  decodeAsfPresence,
  decodeIpmiMessage,
  isDecodeError,
  decodeRmcpPacket,
  decodeSessionPacketV15,
  decodeSessionPacketV20,
  encodeAsfPresence,
  encodeRmcpPacket,
  encodeSessionlessPacketV20,
  encodeSessionlessPacketV15,
  type RmcpMessageClass,
} from '@vbmc/ipmi-codec';
import { DatagramAdmission } from './admission/datagram-admission.ts';
import { BmcDevice } from './domain/bmc-device.ts';
import type { DomainState } from './terms/domain-action.ts';
import type { Effect } from './terms/effects.ts';
import { usualEventLog } from './terms/event-log-settings.ts';
import type { EndpointInput } from './endpoint-input.ts';
import type { EndpointFigures, EndpointOptions } from './endpoint-options.ts';
import type { RemoteAddress } from './terms/remote-address.ts';
import type { Bmc } from './request/commands/handler.ts';
import { DomainLayer } from './request/domain-layer.ts';
import { RequestLayer } from './request/request-layer.ts';
import type { LockedOutLogin, SessionDescription } from './terms/bmc-description.ts';
import { SessionLayer, type OpenedPacket } from './session-layer.ts';

/**
 * One BMC as seen from the network, without I/O of its own: inputs go in with the time in milliseconds, effects come out.
 * Synchronous; never waits for anything.
 */
export class Endpoint {
  readonly #device = new BmcDevice();
  readonly #sessions: SessionLayer;
  readonly #domain: DomainLayer;
  readonly #requests: RequestLayer;
  readonly #admission: DatagramAdmission;
  #effects: Effect[] = [];
  #malformedDatagrams = 0;
  #endsSoon = false;

  constructor(options: EndpointOptions) {
    const device = this.#device;
    const suites = options.allowedCipherSuites.map((id) => cipherSuites[id]);
    const emit = (effect: Effect): void => {
      this.#effects.push(effect);
    };
    device.powerRestorePolicy = options.powerRestorePolicy;
    this.#sessions = new SessionLayer({ ...options, cipherSuites: suites, device, emit });
    this.#domain = new DomainLayer(device, emit);
    const bmc: Bmc = {
      device,
      identity: options.identity,
      cipherSuites: suites,
      hasKg: options.kg !== undefined,
      allowsIpmiV15: options.allowsIpmiV15,
      privilegeLimit: options.privilegeLimit,
      loginPolicy: options.loginPolicy,
      userChanges: options.userChanges ?? false,
      watchdog: options.watchdog ?? true,
      eventLog: options.eventLog ?? usualEventLog,
      sessions: this.#sessions,
      random: options.random,
    };
    this.#requests = new RequestLayer(bmc, this.#domain, emit);
    this.#admission = new DatagramAdmission(this.#sessions, options.random);
  }

  /** Whether the next tick is due within `limits.tickMs`. */
  get wantsTick(): boolean {
    return !this.#sessions.isIdle || !this.#domain.isIdle;
  }

  /** Takes one input, and returns what the shell has to do about it. */
  handle(input: EndpointInput, now: number): readonly Effect[] {
    switch (input.type) {
      case 'datagram':
        this.#takeDatagram(input.from, input.datagram, now);
        break;
      case 'tick':
        this.#domain.expire(now);
        this.#sessions.expire(now);
        break;
      case 'actionFinished':
        this.#domain.finish(input.id, input.outcome, now);
        break;
      case 'answered':
        this.#requests.takeAnswer(input.id, input.answer, now);
        this.#sessions.endClosed();
        break;
      case 'commandsLoaded':
        this.#requests.takeCommands(input.group, input.handlers, now);
        this.#sessions.endClosed();
        break;
      case 'identify':
        this.#device.identify.set(input.lamp, now);
        break;
      case 'supervisorAlive':
        this.#domain.hear(now);
        break;
      case 'domainState':
        this.#domain.takeState(input, now);
        break;
      case 'domainStateUntrusted':
        this.#domain.distrust();
        break;
      case 'definitionChanged':
        this.#domain.takeDefinitionChange(now);
        break;
      case 'uuid':
        this.#domain.takeUuid(input.uuid, now);
        break;
      case 'bootFlags':
        this.#domain.takeBootFlags(input.bootFlags, now);
        break;
      case 'inspectDomain':
        this.#domain.inspect(now);
        break;
      case 'watchdogExpired':
        this.#domain.takeWatchdog(input.expiry, now);
        break;
      case 'powerUp':
        this.#domain.powerUp(input.cause, now);
        break;
      case 'storedPolicy':
        this.#device.powerRestorePolicy = input.policy;
        break;
      case 'finishStart':
        this.#domain.finishStart(input.start, now);
        break;
      case 'users':
        this.#sessions.replaceUsers(input, now);
        break;
      case 'closeSession':
        this.#sessions.closeLabelled(input.session);
        break;
      case 'guessingSources':
        this.#sessions.takeGuessingSources(input.sources);
        break;
      case 'endsSoon':
        this.#endsSoon = true;
        this.#domain.actions.beginNoChange();
        break;
      case 'stopping':
        this.#sessions.flush(now);
    }
    return this.#drain();
  }

  /** The domain's state and when the domain watch reported it; undefined when only libvirt can tell. */
  recallDomainState(now: number): { readonly state: DomainState; readonly since: number } | undefined {
    return this.#device.domain.recall(now);
  }

  /** How things stand, and what has happened since the start. */
  figures(now: number): EndpointFigures {
    return {
      ...this.#sessions.figures(now),
      ...this.#admission.figures,
      malformedDatagrams: this.#malformedDatagrams,
    };
  }

  /** User names that are locked out at present, the longest first. */
  describeLockouts(now: number): readonly LockedOutLogin[] {
    return this.#sessions.describeLockouts(now);
  }

  /** The active sessions, oldest first: plain data without secrets. */
  describeSessions(now: number): readonly SessionDescription[] {
    return this.#sessions.describe(now);
  }

  #takeDatagram(from: RemoteAddress, datagram: Uint8Array, now: number): void {
    if (!this.#admission.admits(from, datagram, now)) return;
    try {
      this.#receive(from, datagram, now);
    } catch (error) {
      // The one place where malformed bytes end: dropped and counted.
      if (!isDecodeError(error)) throw error;
      this.#malformedDatagrams += 1;
    }
  }

  #receive(from: RemoteAddress, datagram: Uint8Array, now: number): void {
    const { messageClass, body } = decodeRmcpPacket(datagram);
    if (messageClass === 'asf') {
      const { type, messageTag } = decodeAsfPresence(body);
      // FFh: the sender wants no pong (ASF 2.0 §3.2.3.1).
      if (type === 'ping' && messageTag !== 0xff)
        this.#send('asf', encodeAsfPresence({ type: 'pong', messageTag }), from);
      return;
    }
    if (body[0] === authenticationType.rmcpPlus) this.#receiveV20(from, body, now);
    else this.#receiveV15(from, body, now);
  }

  #receiveV15(from: RemoteAddress, body: Uint8Array, now: number): void {
    const packet = decodeSessionPacketV15(body);
    if (packet.sessionId !== 0) {
      this.#handleInSession(this.#sessions.openV15(packet, from, now), from, now);
      return;
    }
    if (packet.authenticationType === 'none' && !this.#endsSoon)
      this.#handleOutsideSession(packet.payload, encodeSessionlessPacketV15, from, now);
  }

  #receiveV20(from: RemoteAddress, body: Uint8Array, now: number): void {
    const packet = decodeSessionPacketV20(body);
    if (packet.sessionId === 0) {
      if (packet.encrypted || packet.authenticated || this.#endsSoon) return;
      if (packet.payloadType !== 'ipmiMessage') {
        this.#sessions.handleHandshake(packet.payloadType, packet.payload, from, now);
        return;
      }
      this.#handleOutsideSession(packet.payload, encodeSessionlessMessageV20, from, now);
      return;
    }
    const opened = this.#sessions.openV20(packet, body, from, now);
    if (packet.payloadType === 'ipmiMessage') this.#handleInSession(opened, from, now);
  }

  #handleOutsideSession(
    payload: Uint8Array,
    encode: (payload: Uint8Array) => Uint8Array,
    from: RemoteAddress,
    now: number,
  ): void {
    const reply = (answer: Uint8Array): void => {
      this.#send('ipmi', encode(answer), from);
    };
    this.#requests.handle(decodeIpmiMessage(payload), { session: undefined, from, now }, reply);
  }

  #handleInSession(opened: OpenedPacket | undefined, from: RemoteAddress, now: number): void {
    if (opened === undefined) return;
    const { session } = opened;
    const reply = (payload: Uint8Array): void => {
      this.#sessions.transmit(session, payload, session.lastSource);
    };
    this.#requests.handle(decodeIpmiMessage(opened.payload), { session, from, now }, reply);
    this.#sessions.endClosed();
  }

  /** Sequence number FFh: the BMC wants no RMCP acknowledge. */
  #send(messageClass: RmcpMessageClass, body: Uint8Array, to: RemoteAddress): void {
    this.#effects.push({
      kind: 'transmit',
      to,
      datagram: encodeRmcpPacket({ messageClass, sequenceNumber: 0xff, body }),
    });
  }

  #drain(): readonly Effect[] {
    const effects = this.#effects;
    this.#effects = [];
    return effects;
  }
}

function encodeSessionlessMessageV20(payload: Uint8Array): Uint8Array {
  return encodeSessionlessPacketV20('ipmiMessage', payload);
}
