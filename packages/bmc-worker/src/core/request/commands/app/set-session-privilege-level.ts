import {
  privilegeLevel,
  privilegeLevelNames,
  privilegeSuffices,
  setSessionPrivilegeLevel,
} from '@vbmc/ipmi-codec';
import { refuse, respond } from '../../../terms/result.ts';
import { defineHandler } from '../handler.ts';

const OEM_LEVEL = 5;

export const setSessionPrivilegeLevelHandler = defineHandler({
  command: setSessionPrivilegeLevel,
  privilege: 'user',
  handle: (request, _, { session }) => {
    if (session === undefined) return refuse('insufficientPrivilege');
    // 0 asks for the present level.
    if (request.privilegeLevel !== 0) {
      const level = privilegeLevelNames.get(request.privilegeLevel);
      // No session of this BMC gets beyond Administrator.
      if (request.privilegeLevel === OEM_LEVEL) return refuse('privilegeLevelExceedsLimit');
      if (level === undefined || level === 'callback') return refuse('invalidDataField');
      if (!privilegeSuffices(session.privilegeLimit, level)) return refuse('privilegeLevelExceedsLimit');
      session.privilegeLevel = level;
    }
    return respond({ privilegeLevel: privilegeLevel[session.privilegeLevel] });
  },
});
