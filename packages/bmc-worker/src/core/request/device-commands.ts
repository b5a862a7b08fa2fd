import {
  SELF_TEST_NO_ERROR,
  type DeviceId,
  type Guid,
  type NoData,
  type SelfTestResults,
} from '@vbmc/ipmi-codec';
import { completionCodeOfFailure } from '../terms/domain-failure.ts';
import { refuse, respond } from '../terms/result.ts';
import type { Handler } from './handler.ts';

export const handleGetDeviceId: Handler<NoData, DeviceId> = (_, { identity }) =>
  respond({
    deviceId: 0x20,
    deviceRevision: 1,
    firmwareMajorRevision: identity.firmwareMajorRevision,
    firmwareMinorRevision: identity.firmwareMinorRevision,
    chassisDevice: true,
    manufacturerId: 0,
    productId: 0,
  });

export const handleGetSelfTestResults: Handler<NoData, SelfTestResults> = () =>
  respond({ result: SELF_TEST_NO_ERROR, detail: 0 });

/** Get Device GUID and Get System GUID: both are the domain's UUID, asked for when it is not known yet. */
export const handleGetGuid: Handler<NoData, Guid> = (_, { device }) => {
  if (device.guidIsKnown) return respond({ guid: device.guid });
  return {
    kind: 'domainAction',
    action: { kind: 'readUuid' },
    conclude: (outcome) => {
      if (!outcome.ok) return refuse(completionCodeOfFailure[outcome.failure.kind]);
      return device.guidIsKnown ? respond({ guid: device.guid }) : refuse('responseCouldNotBeProvided');
    },
  };
};
