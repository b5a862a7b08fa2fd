import assert from 'node:assert/strict';
import type { BmcEvent } from '#worker/core/terms/bmc-event.ts';
import { limits } from '#worker/core/terms/limits.ts';
import type { RemoteAddress } from '#worker/core/terms/remote-address.ts';
import type { SessionDescription } from '#worker/core/session/session-description.ts';
import { sourceOf } from '#worker/core/terms/source.ts';
import type { AskedAction, SimulatedBmc, Transmission } from '#support/bmc/simulated-bmc.ts';
import { sources } from './siege-cast.ts';

/** One datagram that was given to the BMC, and all that came of it. */
export interface Delivery {
  readonly datagram: Uint8Array;
  readonly from: RemoteAddress;
  readonly sent: readonly Transmission[];
  readonly actions: readonly AskedAction[];
  readonly events: readonly BmcEvent[];
  /** The active sessions before it came. */
  readonly sessions: readonly SessionDescription[];
}

const { opened, challenged } = limits.handshakes;
const MOST_HALF_OPEN =
  new Set(sources.map(({ address }) => sourceOf(address))).size * (opened.perSource + challenged.perSource);

/** Gives a datagram to the BMC, and looks whether anything grows beyond its bounds. */
export function deliver(bmc: SimulatedBmc, datagram: Uint8Array, from: RemoteAddress): Delivery {
  const sessions = bmc.endpoint.describeSessions(bmc.now);
  const [actionsBefore, eventsBefore] = [bmc.actions.length, bmc.events.length];
  // As a socket gives it: a part of larger memory, which is somebody else's afterwards.
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
