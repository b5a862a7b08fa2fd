import assert from 'node:assert/strict';
import type { BmcEvent } from '#worker/core/terms/bmc-event.ts';
import { limits } from '#worker/core/terms/limits.ts';
import type { RemoteAddress } from '#worker/core/terms/remote-address.ts';
import type { SessionDescription } from '#worker/core/terms/bmc-description.ts';
import { sourceOf } from '#worker/core/terms/source.ts';
import type { AskedAction, SimulatedBmc, Transmission } from '#support/bmc/simulated-bmc.ts';
import { sources } from './scenario-users.ts';

/** One datagram that the BMC received, and everything that it did in response. */
export interface Delivery {
  readonly datagram: Uint8Array;
  readonly from: RemoteAddress;
  readonly sent: readonly Transmission[];
  readonly actions: readonly AskedAction[];
  readonly events: readonly BmcEvent[];
  /** The active sessions before the datagram arrived. */
  readonly sessions: readonly SessionDescription[];
}

const { opened, challenged } = limits.handshakes;
const MOST_HALF_OPEN =
  new Set(sources.map(({ address }) => sourceOf(address))).size * (opened.perSource + challenged.perSource);

/** Delivers a datagram to the BMC and asserts that its tables stay within their bounds. */
export function deliver(bmc: SimulatedBmc, datagram: Uint8Array, from: RemoteAddress): Delivery {
  const sessions = bmc.endpoint.describeSessions(bmc.now);
  const [actionsBefore, eventsBefore] = [bmc.actions.length, bmc.events.length];
  // Like a socket's buffer: a part of larger memory, which is overwritten afterwards.
  const memory = Buffer.alloc(datagram.length + 16, 0x5a);
  memory.set(datagram, 8);
  const view = memory.subarray(8, 8 + datagram.length);
  const sent = bmc.send(view, from);
  assert.deepEqual(Uint8Array.from(view), Uint8Array.from(datagram), 'the datagram was changed');
  memory.fill(0xa5);
  const { activeSessions, halfOpenSessions } = bmc.endpoint.figures(bmc.now);
  assert.ok(activeSessions <= limits.sessions, `${activeSessions} sessions`);
  assert.ok(halfOpenSessions <= MOST_HALF_OPEN, `${halfOpenSessions} half-open sessions`);
  const [actions, events] = [bmc.actions.slice(actionsBefore), bmc.events.slice(eventsBefore)];
  return { datagram, from, sent, actions, events, sessions };
}
