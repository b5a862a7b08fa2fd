import type { SessionPhase } from '../session/session.ts';

export type HandshakeInput = 'rakpMessage1' | 'rakpMessage3';

/**
 * What a handshake message does in each phase of its session. Open Session Request is not here: it
 * always begins a new session.
 *
 * - `answer`: check it and go on. A repeated RAKP Message 1 gets the same answer, as R_C stays.
 * - `repeat`: if it is the very message that was accepted, its answer was lost: send it again.
 * - `refuse`: it comes too early: invalid session id.
 * - `ignore`: an active session is nobody's to disturb by an unauthenticated packet.
 */
export const handshakeMoves: Readonly<
  Record<SessionPhase, Readonly<Record<HandshakeInput, 'answer' | 'repeat' | 'refuse' | 'ignore'>>>
> = {
  opened: { rakpMessage1: 'answer', rakpMessage3: 'refuse' },
  challenged: { rakpMessage1: 'answer', rakpMessage3: 'answer' },
  active: { rakpMessage1: 'ignore', rakpMessage3: 'repeat' },
};
