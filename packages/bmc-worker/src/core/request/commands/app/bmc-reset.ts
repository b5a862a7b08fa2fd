import { coldReset, warmReset, type NoData } from '@vbmc/ipmi-codec';
import { respond, type ImmediateResult } from '../../../terms/result.ts';
import { defineHandler, type Bmc } from '../handler.ts';

/**
 * Ends all sessions, the requesting one included: nothing else in this process needs a restart. The domain is left alone,
 * as a server is when its BMC restarts.
 */
function reset(_: NoData, { sessions }: Bmc): ImmediateResult<NoData> {
  for (const session of sessions.active()) sessions.close(session);
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
