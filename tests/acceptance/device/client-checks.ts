/** What clients of others ask a BMC for, and what has to be in their answers while the domain runs. None of it changes anything. */
import {
  freeipmi,
  ipmitool,
  ipmitoolScript,
  ipmiutil,
  openipmicmd,
  openipmish,
  pyghmi,
  type ClientCheck,
} from './client-command.ts';

/** Ironic's own parser of `ipmitool sdr -v`, which gives up at a sensor without a type. */
const IRONIC_PARSER = `
import sys, types
from ironic.drivers.modules import ipmitool
node = types.SimpleNamespace(uuid='node-0')
for kind, sensors in ipmitool._parse_ipmi_sensors_data(node, sys.stdin.read()).items():
    for name, sensor in sensors.items():
        print(kind, name, sensor['Sensor Reading'], sep=': ')
`;

/** With a session of the asker alone: one block, and no empty ones for the other slots. */
const oneSession = /^session handle +: [1-9]\d*\nslot count [^]*console port +: \d+\n\s*$/;

export const clientChecks: readonly ClientCheck[] = [
  ipmitool('sdr elist all', /^Power State .*S0/m, /^CPU Usage .*percent/m, /^Session Audit/m),
  ipmitool('sensor list', /^CPU Usage +\| \d+\.\d+ +\| percent/m),
  ipmitool('sel info', /^Entries +: \d/m, /^Overflow +: false/m),
  ipmitool('sel elist', /Initiated by power up/, /S0\/G0: working/),
  ipmitool('fru print', /^ Product Manufacturer +: QEMU/m, /^ Product Extra +: domain node-0/m),
  ipmitool(
    'lan print 1',
    /^IP Address +: 127\.0\.0\.1$/m,
    /^Subnet Mask +: 255\.0\.0\.0$/m,
    /^RMCP\+ Cipher Suites +: /m,
  ),
  ipmitool('dcmi discover', /SEL automatic rollover is enabled/, /512 SEL entries/),
  ipmitool('dcmi asset_tag', /Asset tag/i),
  ipmitool('dcmi get_mc_id_string', /Identifier String: node-0/),
  ipmitool('mc info', /^IPMI Version +: 2\.0$/m, /SEL Device/),
  ipmitool('mc watchdog get', /Stopped/),
  ipmitool('mc getsysinfo system_name', /^node-0$/m),
  ipmitool('mc selftest', /passed/),
  ipmitool('chassis status', /^System Power +: on$/m),
  ipmitool('chassis poh', /POH Counter/),
  ipmitool('chassis restart_cause', /power-up via pushbutton/),
  ipmitool('pef info', /0x51/),
  ipmitool('pef status', / \| 0xffff \| 0xffff$/m),
  ipmitool('user list 1', /admin/),
  ipmitool('user summary 1', /^Maximum IDs\s+: 10$/m, /^Enabled User Count\s+: 1$/m),
  ipmitool('channel info 1', /802\.3 LAN/),
  ipmitool('channel getaccess 1', /^User Name +: admin$/m, /^Privilege Level +: ADMINISTRATOR$/m),
  // It ends with 1 after the last session, which is how it learns that there are no more.
  { ...ipmitool('session info all', oneSession), exitCode: 1 },
  ipmitoolScript(
    'ipmitool sdr -v | Ironic',
    `ipmitool "$@" sdr -v | /usr/bin/python3 -c "${IRONIC_PARSER}"`,
    /^System: Power State \(0x1\): 0h$/m,
    /^Other: CPU Usage \(0x3\): \d+ .*percent$/m,
    /^Other: MEM Usage \(0x4\): No Reading$/m,
    /^Drive: Disks \(0x8\): /m,
  ),
  freeipmi('ipmi-sensors --quiet-cache', [/CPU Usage .* \d+\.\d\d +\| % +\| 'OK'/, /Power State .*'S0\/G0'/]),
  freeipmi('ipmi-sel --quiet-cache', [/S0\/G0/]),
  freeipmi('ipmi-fru --quiet-cache', [/Product Manufacturer Name: QEMU/]),
  freeipmi('bmc-info', [/IPMI Version +: 2\.0/, /SEL Device +: supported/]),
  freeipmi('bmc-device --get-acpi-power-state', [/^ACPI System Power State : S0\/G0$/m]),
  freeipmi('ipmi-chassis --get-chassis-status', [/^System Power +: on$/m]),
  freeipmi('ipmi-dcmi --get-management-controller-identifier-string', [/^node-0$/m]),
  // It ends with 1 where a section is empty, or where no filter and no policy is, as on hardware.
  freeipmi('ipmi-pef-config --checkout', [/^Section PEF_Conf$/m], 1),
  pyghmi("dict(bmc.get_inventory())['System']['Serial Number']", /^[0-9a-f-]{36}$/m),
  pyghmi('bmc.get_health()', /'health': 0/),
  pyghmi('[(one.name, one.value) for one in bmc.get_sensor_data()]', /'CPU Usage', \d/),
  pyghmi('bmc.get_net_configuration()', /'ipv4_address': '127\.0\.0\.1\/8'/),
  pyghmi('bmc.get_users()', /'name': 'admin'/),
  pyghmi('list(bmc.get_event_log())', /Power up/),
  ipmiutil('sensor', /CPU Usage .* percent/, /Power State +=.*Working/),
  ipmiutil('sel -e', /Initiated .*Power Up/, /S0\/G0 Working/),
  ipmiutil('fru', /Product Manufacturer: QEMU/),
  ipmiutil('lan', /IP address: 127\.0\.0\.1/),
  ipmiutil('health', /chassis_power +=\s*on/, /S0: working/),
  ipmiutil('dcmi', /DCMI Mgt Controller ID:\s+node-0/),
  ipmiutil('wdt', /timer is stopped/),
  ipmiutil('user list', /admin/),
  openipmish(
    'openipmish',
    'finds the BMC, reads its sensors',
    ['mc info d(0.20)', 'sensor get "d(3.1).CPU Usage"', 'sensor get "d(23.1).Power State"'],
    /Connection 0 to the BMC is up/,
    /sel_device_support: true/,
    /d\(3\.1\)\.CPU Usage[^]*?Value: \d/,
    /S0\/G0 working\s+Set: true/,
  ),
  openipmish('ipmish', 'reads the power', ['control get d(23.1).power'], /d\(23\.1\)\.power[^]*?Value: 1\s/),
  openipmicmd('0f 00 06 01', /^0f 07 00 01 00 20 /m),
];
