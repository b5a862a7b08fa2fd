import type { LabBmc } from '#lab/inventory-text.ts';
import type { PrivateLibvirt } from '#lab/private-libvirt.ts';
import type { CommandResult } from '#lab/run-command.ts';

export interface IpmitoolOptions {
  /** `-I`: `lan` is IPMI 1.5; `lanplus`, IPMI 2.0, if absent. */
  readonly interface?: 'lan' | 'lanplus';
  /** K_g for a two-key login, as text. */
  readonly kg?: string;
  /** Cipher suite id; ipmitool's own choice if absent. */
  readonly cipher?: number;
  readonly user?: string;
  readonly password?: string;
  readonly privilegeLevel?: 'CALLBACK' | 'USER' | 'OPERATOR' | 'ADMINISTRATOR';
  /** `-N`: how long it waits before it sends again. */
  readonly retryIntervalSeconds?: number;
  /** `-R`: how often it sends. */
  readonly tries?: number;
  readonly timeoutMs?: number;
}

export interface FreeipmiOptions {
  /** `-D`: `LAN` is IPMI 1.5; `LAN_2_0` if absent. */
  readonly driver?: 'LAN' | 'LAN_2_0';
  /** K_g for a two-key login, as text. */
  readonly kg?: string;
  /** How long it tries. */
  readonly sessionTimeoutMs?: number;
  readonly cipher?: number;
  readonly user?: string;
  readonly password?: string;
  readonly privilegeLevel?: 'USER' | 'OPERATOR' | 'ADMIN';
  /** `-W`, e.g. `opensesspriv` as MAAS does. */
  readonly workarounds?: string;
  readonly timeoutMs?: number;
}

/** The standard clients, as operators use them. A refusal is a result, not an exception. */
export interface IpmiClients {
  ipmitool(bmc: LabBmc, args: readonly string[], options?: IpmitoolOptions): Promise<CommandResult>;
  /** `tool`: `bmc-info`, `ipmipower`, `ipmi-chassis-config` and so on. */
  freeipmi(
    tool: string,
    bmc: LabBmc,
    args: readonly string[],
    options?: FreeipmiOptions,
  ): Promise<CommandResult>;
}

export function ipmiClients(libvirt: PrivateLibvirt): IpmiClients {
  return {
    ipmitool: (bmc, args, options = {}) => {
      const flags = optional({
        '-C': options.cipher,
        '-k': options.kg,
        '-L': options.privilegeLevel,
        '-N': options.retryIntervalSeconds,
        '-R': options.tries,
      });
      return libvirt.run('ipmitool', [...ipmitoolAddress(bmc, options), ...flags, ...args], timeout(options));
    },
    freeipmi: (tool, bmc, args, options = {}) => {
      const flags = optional({
        '-I': options.cipher,
        '-k': options.kg,
        '-l': options.privilegeLevel,
        '--session-timeout': options.sessionTimeoutMs,
        '-W': options.workarounds,
      });
      const user = ['-u', options.user ?? bmc.username, '-p', options.password ?? bmc.password];
      const host = ['-D', options.driver ?? 'LAN_2_0', '-h', `${bmc.address}:${bmc.port}`];
      return libvirt.run(tool, [...host, ...user, ...flags, ...args], timeout(options));
    },
  };
}

function ipmitoolAddress(bmc: LabBmc, options: IpmitoolOptions): string[] {
  return [
    ...['-I', options.interface ?? 'lanplus', '-H', bmc.address, '-p', String(bmc.port)],
    ...['-U', options.user ?? bmc.username, '-P', options.password ?? bmc.password],
  ];
}

function optional(flags: Readonly<Record<string, string | number | undefined>>): string[] {
  return Object.entries(flags).flatMap(([flag, value]) => (value === undefined ? [] : [flag, String(value)]));
}

function timeout({ timeoutMs }: { readonly timeoutMs?: number }): { timeoutMs?: number } {
  return timeoutMs === undefined ? {} : { timeoutMs };
}
