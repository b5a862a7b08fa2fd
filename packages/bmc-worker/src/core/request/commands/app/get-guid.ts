import { getDeviceGuid, getSystemGuid, guidFromUuid, type Guid, type NoData } from '@vbmc/ipmi-codec';
import { refuse, respond } from '../../../terms/result.ts';
import {
  afterDomainAction,
  defineHandler,
  type Bmc,
  type HandlerResult,
  type RequestContext,
} from '../handler.ts';

/** Both GUIDs are the domain's UUID, which is read when it is not known yet. */
function readGuid(_: NoData, { device }: Bmc, { session, now }: RequestContext): HandlerResult<Guid> {
  // Without a session the last known one does, as in RAKP message 2: a stranger must not be able to keep libvirt busy.
  if (device.guidIsCertain(now) || (session === undefined && device.hasGuid))
    return respond({ guid: device.guid });
  return afterDomainAction({ kind: 'readUuid' }, ({ uuid = '' }) => {
    const guid = guidFromUuid(uuid);
    return guid === undefined ? refuse('responseCouldNotBeProvided') : respond({ guid });
  });
}

export const getDeviceGuidHandler = defineHandler({
  command: getDeviceGuid,
  privilege: 'user',
  handle: readGuid,
});
export const getSystemGuidHandler = defineHandler({
  command: getSystemGuid,
  privilege: 'none',
  handle: readGuid,
});
