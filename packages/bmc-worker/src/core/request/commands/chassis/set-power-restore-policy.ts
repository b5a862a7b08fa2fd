import { setPowerRestorePolicy } from '@vbmc/ipmi-codec';
import { respond } from '../../../terms/result.ts';
import { afterDomainAction, defineHandler } from '../handler.ts';

const support = respond({ alwaysOff: true, previousState: true, alwaysOn: true });

/** Answered once the supervisor has stored the policy: what the response confirms has to outlive this process. */
export const setPowerRestorePolicyHandler = defineHandler({
  command: setPowerRestorePolicy,
  privilege: 'operator',
  handle: ({ policy }) =>
    policy === 'noChange'
      ? support
      : afterDomainAction({ kind: 'storePowerRestorePolicy', policy }, () => support),
});
