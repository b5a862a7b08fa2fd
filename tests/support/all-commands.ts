import {
  chassisControlCommand,
  closeSession,
  coldReset,
  getChannelAuthenticationCapabilities,
  getChannelCipherSuites,
  getChannelInfo,
  getChassisCapabilities,
  getChassisStatus,
  getDeviceGuid,
  getDeviceId,
  getSelfTestResults,
  getSystemBootOptions,
  getSystemGuid,
  setPowerRestorePolicy,
  setSessionPrivilegeLevel,
  setSystemBootOptions,
  warmReset,
  type DataCodec,
  type NetFn,
} from '@vbmc/ipmi-codec';

/** A command whose request and response may be of any type: only what was decoded may be encoded again. */
export interface AnyCommand {
  readonly name: string;
  readonly netFn: NetFn;
  readonly code: number;
  readonly request: DataCodec<unknown>;
  readonly response: DataCodec<unknown>;
}

export const allCommands = [
  chassisControlCommand,
  closeSession,
  coldReset,
  getChannelAuthenticationCapabilities,
  getChannelCipherSuites,
  getChannelInfo,
  getChassisCapabilities,
  getChassisStatus,
  getDeviceGuid,
  getDeviceId,
  getSelfTestResults,
  getSystemBootOptions,
  getSystemGuid,
  setPowerRestorePolicy,
  setSessionPrivilegeLevel,
  setSystemBootOptions,
  warmReset,
] as readonly unknown[] as readonly AnyCommand[];
