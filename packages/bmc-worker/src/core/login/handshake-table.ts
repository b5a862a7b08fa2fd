/**
 * The IPMI 2.0 login, in the order of its messages:
 *
 *     remote console                                            BMC                                        session
 *     Open Session Request: SID_M, proposed algorithms      →
 *                                                           ←   Open Session Response: SID_C, cipher suite  opened
 *     RAKP Message 1: SID_C, R_M, user name, role           →
 *                                                           ←   RAKP Message 2: R_C, GUID_C, code           challenged
 *     RAKP Message 3: code                                  →
 *                                                           ←   RAKP Message 4: integrity check value       active
 *     first packet, protected by the session's keys         →                                               confirmed
 *
 * Each side chooses a session id (SID) and a random number (R). The codes of RAKP Messages 2 and 3 are HMACs keyed
 * with the user's password (K_uid), so each side proves that it knows the password without sending it. Both derive
 * the session integrity key (SIK) from the exchange; RAKP Message 4 proves that the BMC has the SIK. The SIK yields
 * the keys of the session's packets (`RakpExchange` in the codec names the parts, its `rakp.ts` has the formulas).
 */
import type { SessionV20 } from '../session/session-v2-0.ts';

/**
 * How far the RMCP+ handshake of the session that a message names has come:
 *
 * - `none`: there is no such session.
 * - `opened`: the BMC answered Open Session Request.
 * - `challenged`: the BMC answered RAKP Message 1.
 * - `active`: the BMC answered RAKP Message 3; the answer may have been lost.
 * - `confirmed`: a packet of the session arrived, so the remote console has RAKP Message 4.
 */
export type HandshakeState = 'none' | 'opened' | 'challenged' | 'active' | 'confirmed';

/** Open Session Request is no input of the table: it names no session, and opens a new one if the BMC accepts it. */
export type HandshakeInput = 'rakpMessage1' | 'rakpMessage3';

/**
 * What the BMC does with a handshake message:
 *
 * - `process`: check it and answer. After RAKP Message 2 that is the very same RAKP Message 1 only, which gets the same answer.
 * - `repeat`: send the answer again if this is the very message that was accepted; otherwise send nothing.
 * - `refuse`: answer "invalid session id": the session does not exist, or the message comes too early.
 * - `ignore`: send nothing; an unauthenticated packet must not disturb an active session.
 */
export type HandshakeMove = 'process' | 'repeat' | 'refuse' | 'ignore';

export const handshakeTable: Readonly<
  Record<HandshakeState, Readonly<Record<HandshakeInput, HandshakeMove>>>
> = {
  none: { rakpMessage1: 'refuse', rakpMessage3: 'refuse' },
  opened: { rakpMessage1: 'process', rakpMessage3: 'refuse' },
  challenged: { rakpMessage1: 'process', rakpMessage3: 'process' },
  active: { rakpMessage1: 'ignore', rakpMessage3: 'repeat' },
  confirmed: { rakpMessage1: 'ignore', rakpMessage3: 'ignore' },
};

export function handshakeStateOf(session: SessionV20 | undefined): HandshakeState {
  if (session === undefined) return 'none';
  return session.phase === 'active' && session.exchange === undefined ? 'confirmed' : session.phase;
}
