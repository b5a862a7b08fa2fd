/** The command lines of the clients of others. */
import type { LabBmc } from '#lab/inventory-text.ts';

export interface ClientCheck {
  readonly name: string;
  readonly command: (bmc: LabBmc) => readonly [program: string, ...args: string[]];
  /** Each has to be found in what it prints. */
  readonly prints: readonly RegExp[];
  /** None may be found there. */
  readonly lacks?: readonly RegExp[];
  /** Default: 0. */
  readonly exitCode?: number;
  /** What it reads from its standard input. */
  readonly input?: (bmc: LabBmc) => string;
}

/** Where ipmiutil finds the BMC, on port 623. */
export const IPMIUTIL_ADDRESS = '127.0.9.1';

function ipmitoolArgs({ address, port, username, password }: LabBmc): readonly string[] {
  return ['-I', 'lanplus', '-H', address, '-p', String(port), '-U', username, '-P', password];
}

/** A list of arguments where one has a space. */
export function ipmitool(args: string | readonly string[], ...prints: readonly RegExp[]): ClientCheck {
  const words = typeof args === 'string' ? args.split(' ') : args;
  return {
    name: `ipmitool ${words.join(' ')}`,
    command: (bmc) => ['ipmitool', ...ipmitoolArgs(bmc), ...words],
    prints,
  };
}

/** A shell command in which `ipmitool "$@"` asks the BMC. */
export function ipmitoolScript(name: string, script: string, ...prints: readonly RegExp[]): ClientCheck {
  return { name, command: (bmc) => ['sh', '-c', script, 'sh', ...ipmitoolArgs(bmc)], prints };
}

export function freeipmi(command: string, prints: readonly RegExp[], exitCode = 0): ClientCheck {
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

export function ipmiutil(args: string, ...prints: readonly RegExp[]): ClientCheck {
  return {
    name: `ipmiutil ${args}`,
    command: ({ username, password }) => [
      ...(['ipmiutil', ...args.split(' '), '-N', IPMIUTIL_ADDRESS] as const),
      ...['-U', username, '-P', password, '-F', 'lan2'],
    ],
    prints,
  };
}

/** `call`: what to print of `bmc`, a pyghmi.ipmi.command.Command. */
export function pyghmi(call: string, ...prints: readonly RegExp[]): ClientCheck {
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

/** libOpenIPMI's own shell, by either of its names: it has to be told when to go on. */
export function openipmish(
  program: 'openipmish' | 'ipmish',
  name: string,
  commands: readonly string[],
  ...prints: readonly RegExp[]
): ClientCheck {
  const pauses = 'read -r open; echo "$open"; sleep 15; while read -r line; do echo "$line"; sleep 2; done';
  return {
    name: `${program} ${name}`,
    command: () => ['sh', '-c', `(${pauses}; sleep 2; echo quit) | ${program}`],
    input: ({ address, port, username, password }) =>
      [
        `domain open d lan -p ${port} -U ${username} -P ${password} -L admin -A rmcp+ ${address}`,
        ...commands,
        '',
      ].join('\n'),
    prints,
  };
}

/** libOpenIPMI's raw requests: LUN, network function, command and data, in hexadecimal. */
export function openipmicmd(request: string, ...prints: readonly RegExp[]): ClientCheck {
  return {
    name: `openipmicmd ${request}`,
    command: ({ address, port, username, password }) => [
      ...(['openipmicmd', '-k', request, 'lan', '-U', username, '-P', password] as const),
      ...['-p', String(port), '-A', 'rmcp+', address],
    ],
    prints,
  };
}

/** The same client, logged in as another user. */
export function asUser(check: ClientCheck, username: string, password: string): ClientCheck {
  return {
    ...check,
    name: `${check.name} as ${username}`,
    command: (bmc) => check.command({ ...bmc, username, password }),
  };
}

/** The login is refused. */
export function refused(check: ClientCheck, ...lacks: readonly RegExp[]): ClientCheck {
  return { ...check, name: `${check.name}: refused`, prints: [], lacks, exitCode: 1 };
}
