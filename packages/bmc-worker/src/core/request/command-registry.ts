import { activateSessionHandler } from './commands/app/activate-session.ts';
import { coldResetHandler, warmResetHandler } from './commands/app/bmc-reset.ts';
import { closeSessionHandler } from './commands/app/close-session.ts';
import { getChannelAccessHandler } from './commands/app/get-channel-access.ts';
import { getChannelAuthenticationCapabilitiesHandler } from './commands/app/get-channel-authentication-capabilities.ts';
import { getChannelCipherSuitesHandler } from './commands/app/get-channel-cipher-suites.ts';
import { getChannelInfoHandler } from './commands/app/get-channel-info.ts';
import { getDeviceIdHandler } from './commands/app/get-device-id.ts';
import { getDeviceGuidHandler, getSystemGuidHandler } from './commands/app/get-guid.ts';
import { getSelfTestResultsHandler } from './commands/app/get-self-test-results.ts';
import { getSessionChallengeHandler } from './commands/app/get-session-challenge.ts';
import { getSessionInfoHandler } from './commands/app/get-session-info.ts';
import { setSessionPrivilegeLevelHandler } from './commands/app/set-session-privilege-level.ts';
import { chassisControlHandler } from './commands/chassis/chassis-control.ts';
import { getChassisCapabilitiesHandler } from './commands/chassis/get-chassis-capabilities.ts';
import { getChassisStatusHandler } from './commands/chassis/get-chassis-status.ts';
import { getSystemBootOptionsHandler } from './commands/chassis/get-system-boot-options.ts';
import { setPowerRestorePolicyHandler } from './commands/chassis/set-power-restore-policy.ts';
import { setSystemBootOptionsHandler } from './commands/chassis/set-system-boot-options.ts';
import type { CommandHandler } from './commands/handler.ts';

/** Every command of this BMC. */
export const commandHandlers: readonly CommandHandler[] = [
  activateSessionHandler,
  closeSessionHandler,
  coldResetHandler,
  getChannelAccessHandler,
  getChannelAuthenticationCapabilitiesHandler,
  getChannelCipherSuitesHandler,
  getChannelInfoHandler,
  getDeviceGuidHandler,
  getDeviceIdHandler,
  getSelfTestResultsHandler,
  getSessionChallengeHandler,
  getSessionInfoHandler,
  getSystemGuidHandler,
  setSessionPrivilegeLevelHandler,
  warmResetHandler,
  chassisControlHandler,
  getChassisCapabilitiesHandler,
  getChassisStatusHandler,
  getSystemBootOptionsHandler,
  setPowerRestorePolicyHandler,
  setSystemBootOptionsHandler,
];
