/** `npm run bench`: measures the figures of docs/performance.md. */
import { execFileSync } from 'node:child_process';
import { cpus, release, totalmem } from 'node:os';
import { parseOptions, usage, type BenchOptions } from './options.ts';
import { ScenarioFindings, type Failure, type Figure, type Findings } from './report/findings.ts';
import { renderTable } from './report/table.ts';
import { fullSizes, quickSizes } from './sizes.ts';
import { scenarios } from './scenarios/all.ts';
import { missingPeers } from './subjects/missing-peers.ts';

function say(line: string): void {
  process.stderr.write(`bench: ${line}\n`);
}

async function measure(options: BenchOptions): Promise<Findings> {
  const figures: Figure[] = [];
  const failures: Failure[] = [];
  for (const scenario of scenarios.filter(({ name }) => options.scenarios.includes(name))) {
    const findings = new ScenarioFindings(scenario.name);
    const startedAt = performance.now();
    say(`${scenario.name}: ${scenario.about}`);
    try {
      const { virtualBmcCheckout, ipmiSim, address } = options;
      await scenario.run({
        sizes: options.quick ? quickSizes : fullSizes,
        findings,
        ipmiSim,
        ...(virtualBmcCheckout !== undefined && { virtualBmcCheckout }),
        ...(address !== undefined && { address }),
        say: (line) => {
          say(`${scenario.name}: ${line}`);
        },
      });
    } catch (error) {
      findings.failure(error instanceof Error ? (error.stack ?? error.message) : String(error));
    }
    say(`${scenario.name}: done after ${((performance.now() - startedAt) / 1000).toFixed(0)} s`);
    figures.push(...findings.figures);
    failures.push(...findings.failures);
  }
  return { figures, failures };
}

/** The machine and the commit. A figure needs both. */
function surroundings() {
  return {
    date: new Date().toISOString().slice(0, 10),
    commit: execFileSync('git', ['describe', '--always', '--dirty'], { encoding: 'utf8' }).trim(),
    node: process.version,
    processors: `${cpus().length} × ${cpus()[0]?.model ?? 'unknown'}`,
    memoryGib: Math.round(totalmem() / 1024 ** 3),
    kernel: release(),
  };
}

async function main(): Promise<number> {
  const names = scenarios.map(({ name }) => name);
  const parsed = parseOptions(process.argv.slice(2), names);
  if (parsed.kind === 'help') {
    process.stdout.write(usage(scenarios));
    return 0;
  }
  if (parsed.kind === 'error') {
    process.stderr.write(`npm run bench: ${parsed.message}\n`);
    return 2;
  }
  const missing = missingPeers(parsed.options);
  if (missing !== undefined) {
    process.stderr.write(`npm run bench: ${missing}\n`);
    return 2;
  }
  const machine = surroundings();
  const findings = await measure(parsed.options);
  const heading = Object.entries(machine).map(([key, value]) => `${key}: ${value}`);
  process.stdout.write(
    parsed.options.json
      ? `${JSON.stringify({ ...machine, ...findings }, undefined, 2)}\n`
      : `\n${heading.join('; ')}\n\n${renderTable(findings)}`,
  );
  return findings.failures.length === 0 ? 0 : 1;
}

main().then(
  (exitCode) => process.exit(exitCode),
  (error: unknown) => {
    process.stderr.write(`npm run bench: ${String(error)}\n`);
    process.exit(1);
  },
);
