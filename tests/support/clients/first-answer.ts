import { getChannelAuthenticationCapabilities } from '@vbmc/ipmi-codec';
import { UdpConsole, type UdpConsoleOptions } from '../console/udp-console.ts';
import { consoleTo, type RemoteBmc } from './console-to.ts';

/** Asks again and again without a session, from one port as a poller does, until the BMC answers: a minute at most. */
export async function firstAnswer(bmc: RemoteBmc, options: Partial<UdpConsoleOptions> = {}): Promise<void> {
  const poller = await UdpConsole.bind(
    consoleTo(bmc, { retransmitAfterMs: 200, deadlineMs: 60_000, ...options }),
  );
  try {
    await poller.request(getChannelAuthenticationCapabilities, {
      ipmiV20Data: true,
      channelNumber: 0x0e,
      requestedMaximumPrivilegeLevel: 4,
    });
  } finally {
    await poller.abandon();
  }
}
