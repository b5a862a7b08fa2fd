import { chassisControlCommand } from '@vbmc/ipmi-codec';
import { respond } from '../../../terms/result.ts';
import { afterDomainAction, defineHandler } from '../handler.ts';

export const chassisControlHandler = defineHandler({
  command: chassisControlCommand,
  privilege: 'operator',
  handle: ({ chassisControl }) =>
    afterDomainAction({ kind: 'chassisControl', chassisControl }, () => respond(undefined)),
});
