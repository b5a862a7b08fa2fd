import {
  activateSession,
  chassisControlCommand,
  closeSession,
  coldReset,
  getChannelAccess,
  getChannelAuthenticationCapabilities,
  getChannelCipherSuites,
  getChannelInfo,
  getChassisCapabilities,
  getChassisStatus,
  getDeviceGuid,
  getDeviceId,
  getSelfTestResults,
  getSessionChallenge,
  getSessionInfo,
  getSystemBootOptions,
  getSystemGuid,
  getUserAccess,
  getUserName,
  setPowerRestorePolicy,
  setSessionPrivilegeLevel,
  setSystemBootOptions,
  warmReset,
} from '@vbmc/ipmi-codec';
import { Dispatcher } from './dispatcher.ts';
import { handleGetSystemBootOptions } from './get-system-boot-options.ts';
import { handleSetSystemBootOptions } from './set-system-boot-options.ts';
import {
  handleChassisControl,
  handleGetChassisCapabilities,
  handleGetChassisStatus,
  handleSetPowerRestorePolicy,
} from './chassis-commands.ts';
import { handleGetDeviceId, handleGetGuid, handleGetSelfTestResults } from './device-commands.ts';
import {
  handleGetChannelAccess,
  handleGetSessionInfo,
  handleGetUserAccess,
  handleGetUserName,
} from './access-commands.ts';
import {
  handleActivateSession,
  handleBmcReset,
  handleCloseSession,
  handleGetChannelAuthenticationCapabilities,
  handleGetChannelCipherSuites,
  handleGetChannelInfo,
  handleGetSessionChallenge,
  handleSetSessionPrivilegeLevel,
} from './session-commands.ts';

/** Every command of this BMC with the least privilege it needs (v2.0 appendix G, tables G-1 and G-2). */
export function createDispatcher(): Dispatcher {
  const dispatcher = new Dispatcher();
  dispatcher.register(
    getChannelAuthenticationCapabilities,
    'none',
    handleGetChannelAuthenticationCapabilities,
  );
  dispatcher.register(getChannelCipherSuites, 'none', handleGetChannelCipherSuites);
  dispatcher.register(getSystemGuid, 'none', handleGetGuid);
  dispatcher.register(getSessionChallenge, 'none', handleGetSessionChallenge);
  dispatcher.register(activateSession, 'none', handleActivateSession);
  dispatcher.register(closeSession, 'callback', handleCloseSession);
  dispatcher.register(setSessionPrivilegeLevel, 'user', handleSetSessionPrivilegeLevel);
  dispatcher.register(getSessionInfo, 'user', handleGetSessionInfo);
  dispatcher.register(getChannelInfo, 'user', handleGetChannelInfo);
  dispatcher.register(getChannelAccess, 'user', handleGetChannelAccess);
  dispatcher.register(getUserAccess, 'operator', handleGetUserAccess);
  dispatcher.register(getUserName, 'operator', handleGetUserName);
  dispatcher.register(coldReset, 'administrator', handleBmcReset);
  dispatcher.register(warmReset, 'administrator', handleBmcReset);
  dispatcher.register(getDeviceId, 'user', handleGetDeviceId);
  dispatcher.register(getDeviceGuid, 'user', handleGetGuid);
  dispatcher.register(getSelfTestResults, 'user', handleGetSelfTestResults);
  dispatcher.register(getChassisCapabilities, 'user', handleGetChassisCapabilities);
  dispatcher.register(getChassisStatus, 'user', handleGetChassisStatus);
  dispatcher.register(chassisControlCommand, 'operator', handleChassisControl);
  dispatcher.register(setPowerRestorePolicy, 'operator', handleSetPowerRestorePolicy);
  dispatcher.register(setSystemBootOptions, 'operator', handleSetSystemBootOptions);
  dispatcher.register(getSystemBootOptions, 'operator', handleGetSystemBootOptions);
  return dispatcher;
}
