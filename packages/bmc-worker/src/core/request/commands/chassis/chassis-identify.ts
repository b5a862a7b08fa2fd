import { chassisIdentify } from '@vbmc/ipmi-codec';
import { respond } from '../../../terms/result.ts';
import { afterAnswer, defineHandler } from '../handler.ts';

/** The lamp is what operators see of this BMC: the supervisor keeps it, so that it is lit after a crash of the worker too. */
export const chassisIdentifyHandler = defineHandler({
  command: chassisIdentify,
  privilege: 'operator',
  handle: ({ seconds, forced }) => {
    const lamp = forced ? 'on' : seconds === 0 ? 'off' : { seconds };
    return afterAnswer({ kind: 'setIdentify', lamp }, () => respond(undefined));
  },
});
