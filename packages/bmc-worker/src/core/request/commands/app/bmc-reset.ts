import { coldReset, warmReset, type NoData } from '@vbmc/ipmi-codec';
import type { BmcReset } from '../../../terms/bmc-event.ts';
import { refuse, respond, type ImmediateResult } from '../../../terms/result.ts';
import { defineHandler, type Bmc, type RequestContext } from '../handler.ts';

/**
 * Ends all sessions: nothing else in this process needs a restart. The domain is left alone, as a server is when its BMC
 * restarts.
 */
function reset(
  kind: BmcReset,
  { sessions }: Bmc,
  { session: asker, now }: RequestContext,
): ImmediateResult<NoData> {
  // Outside a session nobody has the privilege.
  if (asker === undefined) return refuse('insufficientPrivilege');
  sessions.endAllFor(kind, asker, now);
  return respond(undefined);
}

export const coldResetHandler = defineHandler({
  command: coldReset,
  privilege: 'administrator',
  handle: (_, bmc, context) => reset('cold', bmc, context),
});
export const warmResetHandler = defineHandler({
  command: warmReset,
  privilege: 'administrator',
  handle: (_, bmc, context) => reset('warm', bmc, context),
});
