import { getDeviceGuid, getSystemGuid, guidFromUuid, type Guid, type NoData } from '@vbmc/ipmi-codec';
import { refuse, respond } from '../../../terms/result.ts';
import {
  afterDomainAction,
  defineHandler,
  type Bmc,
  type HandlerResult,
  type RequestContext,
} from '../handler.ts';

/** Both GUIDs are the domain's UUID. A session may have it read. Outside a session the last known one does, as in RAKP message 2. */
function readGuid(_: NoData, { device }: Bmc, { session, now }: RequestContext): HandlerResult<Guid> {
  if (device.guidIsCertain(now)) return respond({ guid: device.guid });
  // Nothing that a stranger sends starts a process: the domain watch learns the UUID by itself.
  if (session === undefined)
    return device.hasGuid ? respond({ guid: device.guid }) : refuse('responseCouldNotBeProvided');
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
