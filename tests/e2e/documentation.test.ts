/** Runs the blocks marked `run: e2e` on real domains: the README's quick start, and what an operator types. */
import { defineGuest } from '#lab/guest.ts';
import { freeUdpPorts } from '#lab/free-ports.ts';
import { installApp } from '#lab/installed-app.ts';
import { startPrivateLibvirt, type PrivateLibvirt } from '#lab/private-libvirt.ts';
import { planBmcs, startLabVbmcd } from '#lab/vbmcd.ts';
import { waitFor } from '#support/wait-for.ts';
import { isRunBy } from '#support/docs/block-marks.ts';
import { readPages, type CodeBlock } from '#support/docs/pages.ts';
import { runBlocks, type BlockOutcome } from '#support/docs/run-blocks.ts';

const marked = readPages().flatMap(({ blocks }) => blocks.filter(isRunBy('e2e')));

function isQuickStart({ page, language }: CodeBlock): boolean {
  return page === 'README.md' && language === 'sh';
}

let libvirt: PrivateLibvirt;

beforeEach(async () => {
  libvirt = await startPrivateLibvirt({ hypervisor: 'qemu' });
});
afterEach(async () => {
  await libvirt.stop();
});

/** Writes programs of the given names that run ours, as npm does in node_modules/.bin. */
function provide(folder: string, programs: Readonly<Record<string, string>>): void {
  for (const [name, program] of Object.entries(programs)) {
    const script = `#!/bin/sh\nexec '${process.execPath}' ${program} "$@"\n`;
    libvirt.directory.write(`${folder}/${name}`, script, 0o755);
  }
}

/** Standard output of `vbmc list` and `show` is a terminal, as it is for whoever types them: in a pipe they print another table. */
function provideOnTerminal(folder: string, program: string): void {
  const script = `#!/bin/sh
case $1 in
  list|show) exec script -qec "stty -onlcr; exec '${process.execPath}' ${program} $*" /dev/null ;;
esac
exec '${process.execPath}' ${program} "$@"
`;
  libvirt.directory.write(`${folder}/vbmc`, script, 0o755);
}

/** Runs blocks in a folder of the lab. The pages' ports may be taken here: others take their place. */
function run(
  folder: string,
  blocks: readonly CodeBlock[],
  ports: readonly number[],
  environment: Readonly<Record<string, string>> = {},
): Promise<BlockOutcome> {
  const cwd = libvirt.directory.makeDirectory(folder);
  const env = { ...libvirt.environment, LIBVIRT_DEFAULT_URI: libvirt.connectionUri, ...environment };
  return runBlocks(blocks, (script) => libvirt.run('sh', ['-c', withPorts(script, ports)], { cwd, env }));
}

function withPorts(script: string, ports: readonly number[]): string {
  return script.replaceAll(/\b623([01])\b/g, (_, index: string) => String(ports[Number(index)]));
}

test("the README's quick start", async () => {
  const { vbmc, vbmcd } = installApp(libvirt.directory);
  provide('quick-start/node_modules/.bin', { vbmc, vbmcd });
  const ports = await freeUdpPorts(2);
  const blocks = marked.filter(isQuickStart);
  const daemon = blocks.findIndex(({ lines }) => lines.some((line) => line.startsWith('vbmcd ')));

  const before = await run('quick-start', blocks.slice(0, daemon), ports);
  expect(before).toEqual({
    problems: [],
    output: expect.stringContaining("Domain 'node-0' defined") as string,
  });

  const command = blocks[daemon]?.lines.join('\n') ?? '';
  const folder = libvirt.directory.makeDirectory('quick-start');
  const child = libvirt.spawn('sh', [
    '-c',
    `cd '${folder}' && PATH="$PWD/node_modules/.bin:$PATH" && exec ${command}`,
  ]);
  let log = '';
  child.stderr.on('data', (text: Buffer) => (log += text.toString()));
  await waitFor('the BMC to answer', () => {
    if (!log.includes('node-0: BMC answers')) throw new Error(log);
    return true;
  });

  const { problems, output } = await run('quick-start', blocks.slice(daemon + 1), ports);
  expect(problems).toEqual([]);
  for (const answer of ['Up/On', '\nrunning\n', 'Set Boot Device to pxe', 'Down/Off']) {
    expect(output).toContain(answer);
  }
});

test('what an operator types', async () => {
  const names = ['node-0', 'node-1'];
  for (const name of names)
    await defineGuest(libvirt, name, { boot: ['hd', 'network'], networkCards: [true] });
  const bmcs = (await planBmcs(names)).map((bmc) => ({ ...bmc, password: 's3cret' }));
  const { app, runDirectory } = await startLabVbmcd(libvirt, bmcs);
  // Where a package has it, vbmc finds its daemon without an option.
  provideOnTerminal('bin', `${app.vbmc} --run-dir ${runDirectory}`);
  await waitFor('the power states', async () => {
    const { stdout } = await libvirt.run('bin/vbmc', ['list']);
    return (stdout.match(/ off /g) ?? []).length === names.length;
  });

  const path = `${libvirt.directory.path}/bin:${libvirt.environment['PATH'] ?? ''}`;
  const { problems } = await run(
    'operator',
    marked.filter((block) => !isQuickStart(block)),
    bmcs.map(({ port }) => port),
    { PATH: path },
  );
  expect(problems).toEqual([]);
});
