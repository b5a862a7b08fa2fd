import { getChannelAuthenticationCapabilities, getChassisStatus } from '@vbmc/ipmi-codec';
import { createRandomSource } from '#worker/shell/random-source.ts';
import { consoleTo } from '#support/clients/console-to.ts';
import { UdpConsole } from '#support/console/udp-console.ts';
import { capabilitiesRequest } from './ask-capabilities.ts';
import { LoadCount } from './load-count.ts';
import type { LoadResult, SessionsJob } from './load-job.ts';

const randomSource = createRandomSource();

/** Several clients. Each opens a session, asks for the chassis status, closes the session and starts over. */
export async function loadWithSessions(job: SessionsJob): Promise<LoadResult> {
  const count = new LoadCount(job.targets.length);
  const startedAt = performance.now();
  let begun = 0;
  const goesOn = (): boolean =>
    'seconds' in job.until
      ? performance.now() - startedAt < job.until.seconds * 1000
      : begun < job.until.sessions;
  const client = async (): Promise<void> => {
    let localPort = 0;
    while (goesOn()) {
      const target = begun++ % job.targets.length;
      const sessionStartedAt = performance.now();
      const udpConsole = await bind(job, target, localPort);
      if (job.keepPorts) localPort = udpConsole.localPort;
      try {
        await wholeSession(udpConsole);
        count.completed(target, performance.now() - sessionStartedAt);
      } catch (error) {
        count.failed(error instanceof Error ? error.message : String(error));
      } finally {
        count.retransmitted(udpConsole.retransmissions);
        await udpConsole.abandon();
      }
    }
  };
  await Promise.all(Array.from({ length: job.clients }, client));
  return count.stop()();
}

async function bind(job: SessionsJob, index: number, localPort: number): Promise<UdpConsole> {
  const target = job.targets[index];
  if (target === undefined) throw new Error(`there is no target ${index}`);
  // ipmitool waits a second for an answer and sends four times.
  return UdpConsole.bind(
    consoleTo(target, {
      cipherSuiteId: job.cipherSuiteId,
      localPort,
      deadlineMs: 4_000,
      randomBytes: randomSource,
    }),
  );
}

/** What ipmitool and freeipmi send, in their order. */
async function wholeSession(udpConsole: UdpConsole): Promise<void> {
  const capabilities = await udpConsole.request(getChannelAuthenticationCapabilities, capabilitiesRequest);
  if (capabilities.completionCode !== 0) throw new Error('capabilities are refused');
  await udpConsole.openSession();
  await udpConsole.raisePrivilegeLevel();
  const status = await udpConsole.request(getChassisStatus, undefined);
  await udpConsole.close();
  if (status.completionCode !== 0) {
    throw new Error(`chassis status: completion code ${status.completionCode.toString(16)}h`);
  }
}
