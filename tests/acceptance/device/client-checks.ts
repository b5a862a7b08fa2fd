/** What clients of others ask a BMC for, and what has to be in their answers while the domain runs. */
import type { LabBmc } from '#lab/inventory-text.ts';

export interface ClientCheck {
  readonly name: string;
  readonly command: (bmc: LabBmc) => readonly [program: string, ...args: string[]];
  /** Each has to be found in what it prints. */
  readonly prints: readonly RegExp[];
  /** Default: 0. */
  readonly exitCode?: number;
  /** What it reads from its standard input. */
  readonly input?: (bmc: LabBmc) => string;
}

/** Where ipmiutil finds the BMC, on port 623. */
export const IPMIUTIL_ADDRESS = '127.0.9.1';

function ipmitool(args: string, ...prints: readonly RegExp[]): ClientCheck {
  return {
    name: `ipmitool ${args}`,
    command: ({ address, port, username, password }) => [
      ...(['ipmitool', '-I', 'lanplus', '-H', address, '-p', String(port)] as const),
      ...['-U', username, '-P', password, ...args.split(' ')],
    ],
    prints,
  };
}

function freeipmi(command: string, prints: readonly RegExp[], exitCode = 0): ClientCheck {
  const [program = '', ...args] = command.split(' ');
  return {
    ...{ name: command, prints, exitCode },
    command: ({ address, port, username, password }) =>
      [
        ...[program, '-D', 'LAN_2_0', '-h', `${address}:${port}`, '-u', username, '-p', password],
        ...args,
      ] as [string, ...string[]],
  };
}

function ipmiutil(args: string, ...prints: readonly RegExp[]): ClientCheck {
  return {
    name: `ipmiutil ${args}`,
    command: ({ username, password }) => [
      ...(['ipmiutil', ...args.split(' '), '-N', IPMIUTIL_ADDRESS] as const),
      ...['-U', username, '-P', password, '-F', 'lan2'],
    ],
    prints,
  };
}

function pyghmi(call: string, ...prints: readonly RegExp[]): ClientCheck {
  const lines = [
    'import sys',
    'from pyghmi.ipmi import command',
    'host, port, user, password = sys.argv[1:]',
    'bmc = command.Command(bmc=host, userid=user, password=password, port=int(port))',
    `print(${call})`,
  ];
  return {
    name: `pyghmi ${call}`,
    command: ({ address, port, username, password }) => [
      '/usr/bin/python3',
      ...['-c', lines.join('\n'), address, String(port), username, password],
    ],
    prints,
  };
}

/** libOpenIPMI's own shell: it has to be told when to go on. */
function openipmish(name: string, commands: readonly string[], ...prints: readonly RegExp[]): ClientCheck {
  return {
    name: `openipmish ${name}`,
    command: () => [
      'sh',
      '-c',
      '(read -r open; echo "$open"; sleep 15; cat; sleep 4; echo quit) | openipmish',
    ],
    input: ({ address, port, username, password }) =>
      [
        `domain open d lan -p ${port} -U ${username} -P ${password} -L admin -A rmcp+ ${address}`,
        ...commands,
        '',
      ].join('\n'),
    prints,
  };
}

export const clientChecks: readonly ClientCheck[] = [
  ipmitool('sdr elist all', /^Power State .*S0/m, /^CPU Usage .*percent/m, /^Session Audit/m),
  ipmitool('sensor list', /^CPU Usage +\| \d+\.\d+ +\| percent/m),
  ipmitool('sel info', /^Entries +: \d/m, /^Overflow +: false/m),
  ipmitool('sel elist', /Initiated by power up/, /S0\/G0: working/),
  ipmitool('fru print', /^ Product Manufacturer +: QEMU/m, /^ Product Extra +: domain node-0/m),
  ipmitool('lan print 1', /^IP Address +: 127\.0\.0\.1$/m, /^RMCP\+ Cipher Suites +: /m),
  ipmitool('dcmi discover', /SEL/),
  ipmitool('dcmi asset_tag', /Asset tag/i),
  ipmitool('mc info', /^IPMI Version +: 2\.0$/m, /SEL Device/),
  ipmitool('mc watchdog get', /Stopped/),
  ipmitool('chassis status', /^System Power +: on$/m),
  ipmitool('chassis poh', /POH Counter/),
  ipmitool('chassis restart_cause', /power-up via pushbutton/),
  ipmitool('chassis identify 5', /Chassis identify interval: 5 seconds/),
  ipmitool('pef info', /0x51/),
  ipmitool('user list 1', /admin/),
  ipmitool('channel info 1', /802\.3 LAN/),
  freeipmi('ipmi-sensors --quiet-cache', [/CPU Usage/, /Power State/]),
  freeipmi('ipmi-sel --quiet-cache', [/S0\/G0/]),
  freeipmi('ipmi-fru --quiet-cache', [/Product Manufacturer Name: QEMU/]),
  freeipmi('bmc-info', [/IPMI Version +: 2\.0/, /SEL Device +: supported/]),
  freeipmi('ipmi-chassis --get-chassis-status', [/^System Power +: on$/m]),
  // It ends with 1 where a section is empty, or where no filter and no policy is, as on hardware.
  freeipmi('bmc-config --checkout', [/^Section User2$/m, /^Section Lan_Conf$/m], 1),
  freeipmi('ipmi-pef-config --checkout', [/^Section PEF_Conf$/m], 1),
  pyghmi("dict(bmc.get_inventory())['System']['Serial Number']", /^[0-9a-f-]{36}$/m),
  pyghmi('bmc.get_health()', /'health': 0/),
  pyghmi('[(one.name, one.value) for one in bmc.get_sensor_data()]', /'CPU Usage', \d/),
  pyghmi('bmc.get_users()', /'name': 'admin'/),
  pyghmi('list(bmc.get_event_log())', /Power up/),
  ipmiutil('sensor', /CPU Usage .* percent/, /Power State +=.*Working/),
  ipmiutil('sel -e', /Initiated .*Power Up/, /S0\/G0 Working/),
  ipmiutil('fru', /Product Manufacturer: QEMU/),
  ipmiutil('lan', /IP address: 127\.0\.0\.1/),
  ipmiutil('health', /chassis_power +=\s*on/, /S0: working/),
  ipmiutil('wdt', /timer is stopped/),
  ipmiutil('user list', /admin/),
  openipmish(
    'finds the BMC and its sensors',
    ['mc info d(0.20)', 'sensor list d(3.1)'],
    /Connection 0 to the BMC is up/,
    /d\(3\.1\)\.CPU Usage/,
    /d\(23\.1\)\.Power State/,
  ),
];

/** Clients that change the power, with what virsh says of the domain afterwards. The domain runs before each. */
export const powerChecks: readonly (ClientCheck & { readonly leaves: string })[] = [
  {
    ...openipmish('switches off', ['control set d(23.1).power 0'], /Set done: d\(23\.1\)\.power/),
    leaves: 'shut off',
  },
  { ...ipmiutil('reset -d', /reset/), leaves: 'shut off' },
  { ...ipmiutil('reset -h', /reset/), leaves: 'running' },
];
