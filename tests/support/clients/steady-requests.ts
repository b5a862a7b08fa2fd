import { setTimeout as sleep } from 'node:timers/promises';
import type { Command, NoData } from '@vbmc/ipmi-codec';
import type { LabBmc } from '#lab/inventory-text.ts';
import { UdpConsole } from '../console/udp-console.ts';
import { consoleTo } from './console-to.ts';

/**
 * Well above what a busy computer needs for an answer, so that a retransmission means a lost answer and not a slow one.
 */
const RETRANSMIT_AFTER_MS = 5_000;

/** What one session saw that asked the same thing again and again, each time when the last answer had come. */
export interface SteadyReport {
  readonly durationsMs: readonly number[];
  /** Completion codes other than 0, and what was thrown. */
  readonly failures: readonly string[];
  /** Requests that were sent again because no answer came within `RETRANSMIT_AFTER_MS`. */
  readonly retransmissions: number;
}

export interface SteadyRequests {
  /** How many have been answered so far. */
  answered(): number;
  /** Ends the session and tells how it went; once more, it tells the same. */
  stop(): Promise<SteadyReport>;
}

/** Opens a session and keeps asking until told to stop, or until there is no answer; `pauseMs` after each answer. */
export async function startSteadyRequests<Response>(
  bmc: LabBmc,
  command: Command<NoData, Response>,
  pauseMs = 0,
): Promise<SteadyRequests> {
  const session = await UdpConsole.connect(consoleTo(bmc, { retransmitAfterMs: RETRANSMIT_AFTER_MS }));
  const durationsMs: number[] = [];
  const failures: string[] = [];
  const stopped = new AbortController();
  const ended = (async (): Promise<SteadyReport> => {
    while (!stopped.signal.aborted) {
      const startedAt = performance.now();
      try {
        const { completionCode } = await session.request(command, undefined);
        if (completionCode !== 0) failures.push(`completion code ${completionCode}`);
      } catch (error) {
        failures.push(String(error));
        break; // the server has ended
      }
      durationsMs.push(performance.now() - startedAt);
      if (pauseMs > 0) await sleep(pauseMs);
    }
    await session.close().catch((error: unknown) => failures.push(String(error)));
    return { durationsMs, failures, retransmissions: session.retransmissions };
  })();
  return {
    answered: () => durationsMs.length,
    stop: () => {
      stopped.abort();
      return ended;
    },
  };
}
