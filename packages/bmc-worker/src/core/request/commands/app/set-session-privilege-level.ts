import {
  privilegeLevel,
  privilegeLevelNames,
  privilegeSuffices,
  setSessionPrivilegeLevel,
} from '@vbmc/ipmi-codec';
import { refuse, respond } from '../../../terms/result.ts';
import { defineHandler } from '../handler.ts';

export const setSessionPrivilegeLevelHandler = defineHandler({
  command: setSessionPrivilegeLevel,
  privilege: 'user',
  handle: (request, _, { session }) => {
    if (session === undefined) return refuse('insufficientPrivilege');
    // 0 asks for the present level.
    if (request.privilegeLevel !== 0) {
      const level = privilegeLevelNames.get(request.privilegeLevel);
      if (level === undefined || level === 'callback') return refuse('invalidDataField');
      if (!privilegeSuffices(session.privilegeLimit, level)) return refuse('privilegeLevelExceedsLimit');
      session.privilegeLevel = level;
    }
    return respond({ privilegeLevel: privilegeLevel[session.privilegeLevel] });
  },
});
