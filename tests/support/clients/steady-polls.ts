import { setTimeout as sleep } from 'node:timers/promises';
import { getChassisStatus } from '@vbmc/ipmi-codec';
import { UdpConsole, type UdpConsoleOptions } from '../console/udp-console.ts';
import type { SteadyReport } from './steady-requests.ts';

export interface SteadyPolls {
  /** Ends with the poll under way and tells how they went. */
  stop(): Promise<SteadyReport>;
}

/**
 * Asks for the chassis status each second, as a monitoring program does: each time in a session of its own. Any answer other
 * than that the domain is on is a failure. `optionsOf`: where and how the poll with this number logs in.
 */
export function startSteadyPolls(optionsOf: (poll: number) => UdpConsoleOptions): SteadyPolls {
  const durationsMs: number[] = [];
  const failures: string[] = [];
  let retransmissions = 0;
  const stopped = new AbortController();
  const poll = async (options: UdpConsoleOptions): Promise<void> => {
    const session = await UdpConsole.connect(options);
    try {
      const { completionCode, value } = await session.request(getChassisStatus, undefined);
      if (value?.powerOn !== true) failures.push(`chassis status: completion code ${completionCode}`);
      await session.close();
      retransmissions += session.retransmissions;
    } finally {
      await session.abandon();
    }
  };
  const ended = (async () => {
    for (let number = 0; !stopped.signal.aborted; number += 1) {
      const startedAt = performance.now();
      await poll(optionsOf(number)).catch((error: unknown) => failures.push(String(error)));
      const durationMs = performance.now() - startedAt;
      durationsMs.push(durationMs);
      // `stop` cuts the pause short.
      await sleep(Math.max(0, 1_000 - durationMs), undefined, stopped).catch(() => undefined);
    }
  })();
  return {
    stop: async () => {
      stopped.abort();
      await ended;
      return { durationsMs, failures, retransmissions };
    },
  };
}
