import { coldReset, warmReset, type NoData } from '@vbmc/ipmi-codec';
import { limits } from '../../../terms/limits.ts';
import { respond, type ImmediateResult } from '../../../terms/result.ts';
import { defineHandler, type Bmc, type RequestContext } from '../handler.ts';

/**
 * Ends all sessions: nothing else in this process needs a restart. The requesting one lasts for some seconds, because
 * ipmitool and others close it themselves and wait for the answer. The domain is left alone, as a server is when its BMC
 * restarts.
 */
function reset(_: NoData, { sessions }: Bmc, { session: own, now }: RequestContext): ImmediateResult<NoData> {
  for (const session of sessions.active()) {
    if (session === own) session.endBy(now + limits.sessionAfterResetMs);
    else sessions.close(session);
  }
  return respond(undefined);
}

export const coldResetHandler = defineHandler({
  command: coldReset,
  privilege: 'administrator',
  handle: reset,
});
export const warmResetHandler = defineHandler({
  command: warmReset,
  privilege: 'administrator',
  handle: reset,
});
