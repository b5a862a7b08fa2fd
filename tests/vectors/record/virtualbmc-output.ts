/**
 * Records what the real VirtualBMC prints, into `../virtualbmc-output.json`:
 *
 *     npx tsx tests/vectors/record/virtualbmc-output.ts CHECKOUT
 *
 * CHECKOUT is one of openstack/virtualbmc; tests/lab/virtualbmc/virtualbmc.ts says which Debian packages it needs. No test run
 * executes this; the recording is under version control.
 */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { freeUdpPorts } from '#lab/free-ports.ts';
import { runCommand, type CommandResult } from '#lab/run-command.ts';
import { startVirtualBmc, type VirtualBmc, type VirtualBmcKeys } from '#lab/virtualbmc/virtualbmc.ts';
import type { VirtualBmcOutput, VirtualBmcRun, VirtualBmcScene } from '../virtualbmc-output.ts';

const formats = ['csv', 'json', 'table', 'value', 'yaml'];
const formatted = [
  ...formats.flatMap((format) => [`-f ${format}`, `-f ${format} -c Port`]),
  '',
  '--format json --noindent',
  '--format=json',
  '-fjson',
  '--column Port --column Status -f value',
  '-c Nothing -c Port -f csv',
  '-c Nothing',
  '-c port',
  ...['all', 'minimal', 'none', 'nonnumeric'].map((mode) => `-f csv --quote ${mode}`),
  ...['', '--sort-ascending', '--sort-descending'].flatMap((direction) =>
    ['--sort-column Port', '--sort-column Status --sort-column Port', '--sort-column Nothing'].map(
      (column) => `-f value ${direction} ${column}`,
    ),
  ),
  '-f value --sort-descending',
  ...['-1', '0', '30', '50', '61', '72', '90', '200'].map((width) => `--max-width ${width}`),
  '--max-width 40 -c Status -c Port',
  '--fit-width',
  '--print-empty',
];
const wrong = [
  '-f xml',
  '-f shell',
  '--quote some',
  '--max-width wide',
  '--sort-ascending --sort-descending',
  '-c',
  'more',
];
const shown = [
  ...formats.map((format) => `-f ${format}`),
  '',
  '-f json --noindent',
  '-f value -c Value',
  '-f value -c Property --sort-column Property --sort-descending',
  '-f csv --quote all',
  '--max-width 40',
  '--print-empty',
];
const terminalWidths = [40, 60, 100];

const names = [
  ...['node-0', 'node-1', 'node-2', 'a-name-of-several-words-for-a-virtual-machine', 'db,1', 'say "db"'],
  ...[
    'two words',
    'back\\slash',
    "it's",
    '123',
    '1.5',
    'yes',
    'null',
    'müller',
    'サーバー',
    '# x',
    'a: b',
    '-x',
    'x'.repeat(70),
  ],
];

function splitLine(line: string): readonly string[] {
  return line.split(' ').filter((word) => word !== '');
}

async function recordScene(
  vbmc: VirtualBmc,
  bmcs: readonly VirtualBmcKeys[],
  lines: readonly string[],
): Promise<VirtualBmcScene> {
  const listed = async (): Promise<readonly Record<string, string>[]> =>
    JSON.parse((await vbmc.vbmc('list', '-f', 'json')).stdout) as Record<string, string>[];
  const before = await listed();
  const unchanged = async (record: () => Promise<CommandResult>): Promise<CommandResult> => {
    for (;;) {
      const [result, after] = [await record(), await listed()];
      // Its daemon starts a BMC that has ended again and again: for a moment it runs.
      if (isDeepStrictEqual(after, before)) return result;
    }
  };
  const runs: VirtualBmcRun[] = [];
  const keep = (argv: readonly string[], result: CommandResult, columns?: number): void => {
    const { exitCode = -1, stdout, stderr } = result;
    runs.push({
      argv,
      ...(columns !== undefined && { columns }),
      exitCode,
      stdout,
      stderr: withoutTimes(stderr),
    });
    process.stdout.write(`${exitCode} ${argv.join(' ')}\n`);
  };
  for (const line of lines) {
    const argv = splitLine(line);
    keep(argv, await unchanged(() => vbmc.vbmc(...argv)));
  }
  for (const columns of bmcs.length === 0 ? [] : terminalWidths) {
    const argv = ['list', '--fit-width'];
    const command = `stty cols ${columns}; exec ${vbmc.program} ${argv.join(' ')}`;
    const typed = (): Promise<CommandResult> =>
      runCommand('script', ['-qec', command, '/dev/null'], { env: vbmc.environment });
    const result = await unchanged(typed);
    keep(argv, { ...result, stdout: result.stdout.replaceAll('\r\n', '\n') }, columns);
  }
  return {
    bmcs: before.map((row) => {
      const keys = bmcs.find((one) => one['domain_name'] === row['Domain name']) ?? {};
      return {
        name: String(row['Domain name']),
        status: String(row['Status']),
        address: String(keys['address']),
        port: Number(keys['port']),
        active: keys['active'] === 'True',
        username: String(keys['username']),
        libvirtUri: String(keys['libvirt_uri']),
      };
    }),
    runs,
  };
}

/** Its log is on standard error. */
function withoutTimes(stderr: string): string {
  return stderr.replaceAll(/^[0-9-]+ [0-9:,]+ [0-9]+ /gm, '');
}

async function versions(vbmc: VirtualBmc, checkout: string): Promise<Record<string, string>> {
  const packages = ['python3', 'python3-cliff', 'python3-prettytable', 'python3-yaml', 'python3-pyghmi'];
  const { stdout } = await runCommand('dpkg-query', ['-W', ...packages], {});
  const commit = await runCommand('git', ['-C', checkout, 'rev-parse', 'HEAD'], {});
  return {
    virtualbmc: `${vbmc.version}, commit ${commit.stdout.trim()} of github.com/openstack/virtualbmc`,
    ...Object.fromEntries(
      [...stdout.matchAll(/^(\S+)\t(\S+)$/gm)].map(([, name = '', found = '']) => [name, found]),
    ),
    recordedBy: 'tests/vectors/record/virtualbmc-output.ts',
  };
}

async function main(checkout: string): Promise<void> {
  const directory = mkdtempSync(join(tmpdir(), 'virtualbmc-'));
  try {
    const ports = await freeUdpPorts(names.length);
    const plain = { username: 'admin', password: 'secret', address: '::', libvirt_uri: 'test:///default' };
    const bmcs = names.map((name, index): VirtualBmcKeys => {
      // No host has the address of node-2.
      const address = name === 'node-2' ? '192.0.2.7' : '::';
      const active = index % 4 === 1 || index > 7 ? 'False' : 'True';
      return { domain_name: name, ...plain, address, port: ports[index] ?? 0, active };
    });
    const scenes: VirtualBmcScene[] = [];
    let provenance: Record<string, string> = {};
    for (const [scene, lines] of [
      [
        bmcs,
        [
          ...[...formatted, ...wrong].map((options) => `list ${options}`),
          ...shown.map((options) => `show node-0 ${options}`),
          ...['node-1', 'node-2'].flatMap((name) => [`show ${name}`, `show -f json ${name}`]),
          ...['nothing -f json', '', 'node-0 node-1'].map((rest) => `show ${rest}`),
        ],
      ],
      [[], [...formats.map((format) => `list -f ${format}`), 'list', 'list --print-empty']],
    ] as const) {
      const place = join(directory, String(scenes.length));
      mkdirSync(place);
      const vbmc = await startVirtualBmc(checkout, place, scene);
      try {
        provenance = await versions(vbmc, checkout);
        scenes.push(await recordScene(vbmc, scene, lines));
      } finally {
        await vbmc.stop();
      }
    }
    const output: VirtualBmcOutput = { provenance, scenes };
    const path = new URL('../virtualbmc-output.json', import.meta.url);
    writeFileSync(path, `${JSON.stringify(output, null, 2)}\n`);
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

await main(resolve(process.argv[2] ?? ''));
