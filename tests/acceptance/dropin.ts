/**
 * `npm run test:dropin -- --against CHECKOUT`: the command lines of scripts that were written for VirtualBMC, on the real one and on
 * ours. CHECKOUT is one of openstack/virtualbmc; tests/lab/virtualbmc/virtualbmc.ts says what else it needs. Both have the
 * same domains, of libvirt's own mock hypervisor. Exit codes have to be the same, and for most lines what is printed. Each
 * line that differs has a reason, which is printed.
 */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { freeUdpPorts } from '#lab/free-ports.ts';
import { runCommand } from '#lab/run-command.ts';
import { startVirtualBmc } from '#lab/virtualbmc/virtualbmc.ts';
import { runAcceptance } from './acceptance-run.ts';
import { differences, lineProblem, type LineResult } from './dropin/compare.ts';
import { dropinLines } from './dropin/lines.ts';
import { startOurVbmc } from './dropin/our-vbmc.ts';

const PORTS = 4;
const LINE_TIMEOUT_MS = 60_000;

const { values } = parseArgs({ options: { against: { type: 'string' } } });

runAcceptance('test:dropin', async ({ report, print, unlessInterrupted, signal }) => {
  if (values.against === undefined) throw new Error('--against CHECKOUT is missing');
  const checkout = resolve(values.against);
  const directory = mkdtempSync(join(tmpdir(), 'dropin-'));
  try {
    const environment = { URI: writeDomains(directory), ...(await ports()) };
    const [theirPlace, ourPlace] = ['theirs', 'ours'].map((name) => {
      mkdirSync(join(directory, name));
      return join(directory, name);
    }) as [string, string];
    const theirs = await startVirtualBmc(checkout, theirPlace);
    print(`VirtualBMC ${theirs.version}`);
    // One after the other, because both use the same ports.
    const expected = await unlessInterrupted(
      runLines(theirPlace, { ...theirs.environment, ...environment }, dirname(theirs.program), signal),
    ).finally(() => theirs.stop());
    const ours = await startOurVbmc(ourPlace);
    const found = await unlessInterrupted(
      runLines(ourPlace, { HOME: ourPlace, LANG: 'C.UTF-8', ...environment }, ours.programs, signal),
    ).finally(() => ours.stop());
    for (const [index, line] of dropinLines.entries()) {
      const [one, other] = [expected[index], found[index]];
      await report.step(line.line, () => {
        if (one === undefined || other === undefined) throw new Error('it did not run');
        const different = differences(line, one, other);
        const problem = lineProblem(line, different);
        if (problem !== undefined) throw new Error(problem);
        return Promise.resolve(
          line.differs === undefined ? '' : `differs (${different.join('; ')}): ${line.differs}`,
        );
      });
    }
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
});

/** A file with the domains of libvirt's mock hypervisor; returns its URI. */
function writeDomains(directory: string): string {
  const domains = Array.from({ length: PORTS }, (_, index) => {
    return `<domain type='test'><name>node-${index}</name><memory>4096</memory><os><type>hvm</type></os></domain>`;
  });
  const path = join(directory, 'domains.xml');
  writeFileSync(path, `<node>${domains.join('')}</node>`);
  return `test://${path}`;
}

async function ports(): Promise<Record<string, string>> {
  const free = await freeUdpPorts(PORTS);
  return Object.fromEntries(free.map((port, index): [string, string] => [`P${index}`, String(port)]));
}

async function runLines(
  cwd: string,
  environment: Readonly<Record<string, string>>,
  programs: string,
  signal: AbortSignal,
): Promise<readonly LineResult[]> {
  const env = { ...environment, PATH: `${programs}:${process.env['PATH'] ?? ''}` };
  const results: LineResult[] = [];
  for (const { line } of dropinLines) {
    signal.throwIfAborted();
    results.push(await runCommand('sh', ['-c', line], { cwd, env, timeoutMs: LINE_TIMEOUT_MS }));
  }
  return results;
}
