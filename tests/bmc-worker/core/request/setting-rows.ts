import {
  getAssetTag,
  getDcmiCapabilitiesInfo,
  getDcmiSensorInfo,
  getFruInventoryAreaInfo,
  getLanConfigurationParameters,
  getManagementControllerIdentifierString,
  getPefCapabilities,
  getPefConfigurationParameters,
  getSystemInfoParameters,
  getTemperatureReadings,
  readFruData,
  setAssetTag,
  setChannelAccess,
  setChannelSecurityKeys,
  setLanConfigurationParameters,
  setManagementControllerIdentifierString,
  setSystemInfoParameters,
  writeFruData,
} from '@vbmc/ipmi-codec';
import { row, type Row } from '#support/bmc/privilege-row.ts';

const NOT_SUPPORTED_IN_PRESENT_STATE = 0xd5;
const WRITE_PROTECTED = 0x80;

const part = { offset: 0, length: 16 };
const text = { offset: 0, length: 1, bytes: Uint8Array.of(0x61) };
const temperatures = { sensorType: 1, entityId: 0x40, entityInstance: 0, firstInstance: 0 };

/** v2.0 appendix G, and DCMI 1.5 table 6-1: inventory, network, channels, system info, event filters, DCMI. */
export const settingRows: readonly Row[] = [
  row(getFruInventoryAreaInfo, 'user', { fruDeviceId: 0 }),
  row(readFruData, 'user', { fruDeviceId: 0, offset: 0, count: 8 }),
  row(writeFruData, 'operator', { fruDeviceId: 0, offset: 0, bytes: Uint8Array.of(1) }, WRITE_PROTECTED),
  row(getLanConfigurationParameters, 'operator', {
    ...{ channelNumber: 0x0e, revisionOnly: false, parameterSelector: 3, setSelector: 0, blockSelector: 0 },
  }),
  row(setLanConfigurationParameters, 'administrator', {
    ...{ channelNumber: 0x0e, parameterSelector: 0, parameterData: Uint8Array.of(1) },
  }),
  row(setChannelAccess, 'administrator', {
    ...{ channelNumber: 0x0e, accessChange: 2, accessMode: 2, limitChange: 2, privilegeLimit: 4 },
    ...{ pefAlertingDisabled: true, perMessageAuthenticationDisabled: false },
    userLevelAuthenticationDisabled: false,
  }),
  row(setChannelSecurityKeys, 'administrator', {
    ...{ channelNumber: 0x0e, operation: 0, keyId: 1, key: new Uint8Array(0) },
  }),
  row(getSystemInfoParameters, 'user', {
    ...{ revisionOnly: false, parameterSelector: 2, setSelector: 0, blockSelector: 0 },
  }),
  row(setSystemInfoParameters, 'administrator', { parameterSelector: 0, parameterData: Uint8Array.of(1) }),
  row(getPefCapabilities, 'user', undefined),
  row(getPefConfigurationParameters, 'operator', {
    ...{ revisionOnly: false, parameterSelector: 8, setSelector: 0, blockSelector: 0 },
  }),
  row(getDcmiCapabilitiesInfo, 'none', { parameterSelector: 1 }),
  row(getAssetTag, 'user', part),
  row(setAssetTag, 'operator', text, NOT_SUPPORTED_IN_PRESENT_STATE),
  row(getManagementControllerIdentifierString, 'user', part),
  row(setManagementControllerIdentifierString, 'administrator', text, NOT_SUPPORTED_IN_PRESENT_STATE),
  row(getDcmiSensorInfo, 'user', temperatures),
  row(getTemperatureReadings, 'user', temperatures),
];
