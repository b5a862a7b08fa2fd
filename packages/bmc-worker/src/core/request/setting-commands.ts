import { getPohCounterHandler } from './commands/chassis/get-poh-counter.ts';
import { getSystemRestartCauseHandler } from './commands/chassis/get-system-restart-cause.ts';
import { getAcpiPowerStateHandler } from './commands/app/get-acpi-power-state.ts';
import { setChannelAccessHandler } from './commands/app/set-channel-access.ts';
import { setChannelSecurityKeysHandler } from './commands/app/set-channel-security-keys.ts';
import {
  getSystemInfoParametersHandler,
  setSystemInfoParametersHandler,
} from './commands/app/system-info.ts';
import { chassisIdentifyHandler } from './commands/chassis/chassis-identify.ts';
import {
  getDcmiSensorInfoHandler,
  getTemperatureReadingsHandler,
} from './commands/group-extension/dcmi-sensors.ts';
import {
  getAssetTagHandler,
  getManagementControllerIdentifierStringHandler,
  setAssetTagHandler,
  setManagementControllerIdentifierStringHandler,
} from './commands/group-extension/dcmi-texts.ts';
import { getDcmiCapabilitiesInfoHandler } from './commands/group-extension/get-dcmi-capabilities-info.ts';
import { getUserAccessHandler } from './commands/app/get-user-access.ts';
import { getUserNameHandler } from './commands/app/get-user-name.ts';
import { setUserAccessHandler } from './commands/app/set-user-access.ts';
import { setUserNameHandler } from './commands/app/set-user-name.ts';
import { setUserPasswordHandler } from './commands/app/set-user-password.ts';
import {
  getUserPayloadAccessHandler,
  setUserPayloadAccessHandler,
} from './commands/app/user-payload-access.ts';
import {
  getWatchdogTimerHandler,
  resetWatchdogTimerHandler,
  setWatchdogTimerHandler,
} from './commands/app/watchdog-timer.ts';
import type { CommandHandler } from './commands/handler.ts';
import {
  getPefCapabilitiesHandler,
  getPefConfigurationParametersHandler,
} from './commands/sensor-event/pef.ts';
import { getLanConfigurationParametersHandler } from './commands/transport/get-lan-configuration-parameters.ts';
import { setLanConfigurationParametersHandler } from './commands/transport/set-lan-configuration-parameters.ts';

/** What the BMC says of itself and its network, and what clients may set. */
export const settingCommands: readonly CommandHandler[] = [
  chassisIdentifyHandler,
  getAcpiPowerStateHandler,
  getAssetTagHandler,
  getDcmiCapabilitiesInfoHandler,
  getDcmiSensorInfoHandler,
  getLanConfigurationParametersHandler,
  getManagementControllerIdentifierStringHandler,
  getPefCapabilitiesHandler,
  getPefConfigurationParametersHandler,
  getSystemInfoParametersHandler,
  getTemperatureReadingsHandler,
  setAssetTagHandler,
  setChannelAccessHandler,
  setChannelSecurityKeysHandler,
  setLanConfigurationParametersHandler,
  setManagementControllerIdentifierStringHandler,
  setSystemInfoParametersHandler,
  getPohCounterHandler,
  getSystemRestartCauseHandler,
  getUserAccessHandler,
  getUserNameHandler,
  setUserAccessHandler,
  setUserNameHandler,
  setUserPasswordHandler,
  getUserPayloadAccessHandler,
  setUserPayloadAccessHandler,
  getWatchdogTimerHandler,
  resetWatchdogTimerHandler,
  setWatchdogTimerHandler,
];
