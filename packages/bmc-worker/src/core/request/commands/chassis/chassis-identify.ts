import { chassisIdentify } from '@vbmc/ipmi-codec';
import { remoteAddressText } from '../../../terms/remote-address.ts';
import { respond } from '../../../terms/result.ts';
import { afterAnswer, defineHandler } from '../handler.ts';

/** The lamp is what operators see of this BMC: the supervisor keeps it, so that it is lit after a crash of the worker too. */
export const chassisIdentifyHandler = defineHandler({
  command: chassisIdentify,
  privilege: 'operator',
  handle: ({ seconds, forced }, { device }, { session, from, now }) => {
    const lamp = forced ? 'on' : seconds === 0 ? 'off' : { seconds };
    const by = { user: session?.user?.displayName ?? '', source: remoteAddressText(from) };
    return afterAnswer({ kind: 'setIdentify', lamp, by }, () => {
      device.identify.set(lamp, now);
      return respond(undefined);
    });
  },
});
