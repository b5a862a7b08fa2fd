/** Power cycles as independent clients ask for them, each by its own defaults or as a well-known system calls it. */
import type { LabBmc } from '#lab/inventory-text.ts';

export interface PowerCycleClient {
  readonly name: string;
  /** The program that has to be there. */
  readonly program: string;
  readonly command: (bmc: LabBmc) => readonly [program: string, ...args: string[]];
  /** Whether the output of a run that has ended with 0 tells of a success. */
  readonly saysDone?: (output: string) => boolean;
}

function ipmitool(name: string, ...options: readonly string[]): PowerCycleClient {
  return {
    name,
    program: 'ipmitool',
    command: ({ address, port, username, password }) => [
      ...(['ipmitool', '-I', 'lanplus', '-H', address, '-p', String(port)] as const),
      ...['-U', username, '-P', password, ...options, 'power', 'cycle'],
    ],
  };
}

function freeipmi(name: string, program: string, ...options: readonly string[]): PowerCycleClient {
  return {
    name,
    program,
    command: ({ address, port, username, password }) => [
      ...([program, '-D', 'LAN_2_0', '-h', `${address}:${port}`] as const),
      ...['-u', username, '-p', password, ...options],
    ],
    // ipmipower exits with 0 whatever happens, and prints nothing for a refusal.
    ...(program === 'ipmipower' && { saysDone: (output: string) => /: ok$/m.test(output) }),
  };
}

/** Python of the system: the distribution's modules are there. */
function python(name: string, lines: readonly string[]): PowerCycleClient {
  return {
    name,
    program: 'python3',
    command: ({ address, port, username, password }) => [
      '/usr/bin/python3',
      ...['-c', lines.join('\n'), address, String(port), username, password],
    ],
  };
}

const pyghmi = [
  'import sys',
  'from pyghmi.ipmi import command',
  'host, port, user, password = sys.argv[1:]',
  'bmc = command.Command(bmc=host, userid=user, password=password, port=int(port))',
  'answer = bmc.raw_command(netfn=0, command=2, data=(2,))',
  'print(answer)',
  'sys.exit(0 if answer.get("code") == 0 and "error" not in answer else 1)',
];

const pythonIpmi = [
  'import sys, pyipmi, pyipmi.interfaces',
  'host, port, user, password = sys.argv[1:]',
  "bmc = pyipmi.create_connection(pyipmi.interfaces.create_interface('rmcp', keep_alive_interval=0))",
  'bmc.session.set_session_type_rmcp(host, int(port))',
  'bmc.session.set_auth_type_user(user, password)',
  'bmc.target = pyipmi.Target(ipmb_address=0x20)',
  'bmc.session.establish()',
  'bmc.chassis_control_power_cycle()',
  'print("done")',
];

export const powerCycleClients: readonly PowerCycleClient[] = [
  ipmitool('ipmitool'),
  ipmitool('ipmitool -N 1 -R 1', '-N', '1', '-R', '1'),
  ipmitool('ipmitool -N 5 (bmclib)', '-N', '5'),
  ipmitool('ipmitool -N 5 -R 12 (Ironic)', '-N', '5', '-R', '12'),
  freeipmi('ipmipower --cycle', 'ipmipower', '--cycle'),
  freeipmi(
    'ipmipower --cycle --on-if-off (MAAS)',
    'ipmipower',
    '-W',
    'opensesspriv',
    '--cycle',
    '--on-if-off',
  ),
  freeipmi('ipmi-chassis', 'ipmi-chassis', '--chassis-control=POWER-CYCLE'),
  python('pyghmi', pyghmi),
  python('python-ipmi (IPMI 1.5)', pythonIpmi),
  {
    name: 'fence_ipmilan --method=cycle',
    program: 'fence_ipmilan',
    command: ({ address, port, username, password }) => [
      ...(['fence_ipmilan', `--ip=${address}`, `--ipport=${port}`, '--lanplus'] as const),
      ...[`--username=${username}`, `--password=${password}`, '--action=reboot', '--method=cycle'],
    ],
  },
  {
    name: 'openipmicmd',
    program: 'openipmicmd',
    command: ({ address, port, username, password }) => [
      ...(['openipmicmd', '-k', '0f 00 00 02 02', 'lan', '-U', username, '-P', password] as const),
      ...['-p', String(port), '-A', 'rmcp+', address],
    ],
    saysDone: (output) => /^0f 01 00 02 00 *$/m.test(output),
  },
];
