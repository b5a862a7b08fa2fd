import { getDeviceId } from '@vbmc/ipmi-codec';
import { UdpConsole } from '../console/udp-console.ts';
import { consoleTo, type RemoteBmc } from './console-to.ts';
import type { SteadyReport } from './steady-requests.ts';

export interface SteadyLogins {
  /** Ends with the login under way and tells how it went. */
  stop(): Promise<SteadyReport>;
}

/** Logs in, asks one thing and logs out, again and again from ever new ports, until told to stop. */
export function startSteadyLogins(bmc: RemoteBmc): SteadyLogins {
  const durationsMs: number[] = [];
  const failures: string[] = [];
  let retransmissions = 0;
  const stopped = new AbortController();
  const ended = (async () => {
    while (!stopped.signal.aborted) {
      const startedAt = performance.now();
      try {
        const session = await UdpConsole.connect(consoleTo(bmc));
        const { completionCode } = await session.request(getDeviceId, undefined);
        if (completionCode !== 0) failures.push(`completion code ${completionCode}`);
        await session.close();
        retransmissions += session.retransmissions;
      } catch (error) {
        failures.push(String(error));
      }
      durationsMs.push(performance.now() - startedAt);
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
