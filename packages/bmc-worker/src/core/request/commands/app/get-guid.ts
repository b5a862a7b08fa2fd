import { getDeviceGuid, getSystemGuid, type Guid, type NoData } from '@vbmc/ipmi-codec';
import { refuse, respond } from '../../../terms/result.ts';
import { afterDomainAction, defineHandler, type Bmc, type HandlerResult } from '../handler.ts';

/** Both GUIDs are the domain's UUID, which is read when it is not known yet. */
function readGuid(_: NoData, { device }: Bmc): HandlerResult<Guid> {
  if (device.guidIsKnown) return respond({ guid: device.guid });
  return afterDomainAction({ kind: 'readUuid' }, () =>
    device.guidIsKnown ? respond({ guid: device.guid }) : refuse('responseCouldNotBeProvided'),
  );
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
