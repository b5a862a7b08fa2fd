import { chassisIdentifyHandler } from './commands/chassis/chassis-identify.ts';
import { getAcpiPowerStateHandler } from './commands/app/get-acpi-power-state.ts';
import type { CommandHandler } from './commands/handler.ts';

/** What the BMC says of itself and its network, and what clients may set. */
export const settingCommands: readonly CommandHandler[] = [chassisIdentifyHandler, getAcpiPowerStateHandler];
