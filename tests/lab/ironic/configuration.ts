/** The configuration of a standalone Ironic: no Keystone, no RabbitMQ, no MySQL, loopback only. */

/** Ironic's own is ten minutes. */
export const SENSOR_INTERVAL_SECONDS = 15;

export interface IronicPaths {
  /** Everything that Ironic writes is below this directory. */
  readonly directory: string;
  readonly logFile: string;
  readonly database: string;
  /** Where `file://` images may come from. */
  readonly images: string;
}

export function ironicPaths(directory: string): IronicPaths {
  return {
    directory,
    logFile: `${directory}/ironic.log`,
    database: `${directory}/ironic.sqlite`,
    images: `${directory}/images/source`,
  };
}

/**
 * Ironic logs each ipmitool command at debug level; `command-log.ts` reads them there.
 *
 * The interval between two commands to one BMC and the time for retries are shorter than Ironic's own (5 s and 60 s).
 * With 10 s for retries ipmitool waits only 1 s for each answer (-N 1).
 *
 * Consoles are enabled, so that Ironic can validate a node's console, but none is started. The one that works needs a
 * workaround first. Debian's fix for CVE-2026-42510 makes Ironic pass `EXEC:"'ipmitool …'",pty,stderr` to socat, and
 * socat 1.7.4 takes what is between the inner quotes for the name of one program. So no socat console of that Ironic
 * works, whatever the BMC; a `socat` first on Ironic's PATH that takes the inner quotes off would be the cure.
 */
export function ironicConfiguration(paths: IronicPaths, apiPort: number): string {
  const { directory } = paths;
  return `[DEFAULT]
auth_strategy = noauth
rpc_transport = none
host = ironic-lab
my_ip = 127.0.0.1
debug = true
log_file = ${paths.logFile}
use_stderr = false
state_path = ${directory}
tempdir = ${directory}/tmp
enabled_hardware_types = ipmi
enabled_power_interfaces = ipmitool
enabled_management_interfaces = ipmitool
enabled_boot_interfaces = ipxe
enabled_deploy_interfaces = direct,ramdisk
enabled_network_interfaces = noop
enabled_console_interfaces = ipmitool-socat,no-console
enabled_vendor_interfaces = ipmitool
enabled_bios_interfaces = no-bios
enabled_inspect_interfaces = no-inspect
enabled_raid_interfaces = no-raid
enabled_rescue_interfaces = no-rescue
enabled_storage_interfaces = noop
[api]
host_ip = 127.0.0.1
port = ${apiPort}
[database]
connection = sqlite:///${paths.database}
[ipmi]
min_command_interval = 1
command_retry_timeout = 10
[conductor]
automated_clean = false
sync_power_state_interval = 15
force_power_state_during_sync = false
file_url_allowed_paths = ${paths.images}
[console]
socat_address = 127.0.0.1
port_range = 9750:9799
terminal_pid_dir = ${directory}/consoles
[dhcp]
dhcp_provider = none
[deploy]
# Nothing serves this address: the guests of the lab have no operating system to fetch from it.
http_url = http://127.0.0.1:9749
http_root = ${directory}/http
[pxe]
tftp_server = 127.0.0.1
tftp_root = ${directory}/tftp
tftp_master_path = ${directory}/master/tftp
images_path = ${directory}/images/run
instance_master_path = ${directory}/master/images
[service_catalog]
auth_type = none
endpoint_override = http://127.0.0.1:${apiPort}
[oslo_messaging_notifications]
driver = log
transport_url = fake://
[sensor_data]
send_sensor_data = true
interval = ${SENSOR_INTERVAL_SECONDS}
enable_for_undeployed_nodes = true
enable_for_conductor = false
`;
}
