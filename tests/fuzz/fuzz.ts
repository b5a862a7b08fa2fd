/**
 * `npm run fuzz -- --seconds 300 --seed 1`: fuzzes the decoders and the endpoint in rounds, each with the next seed,
 * until the time is over or a round finds a failure.
 */
import { parseArgs } from 'node:util';
import fc from 'fast-check';
import { corpusJson } from './corpus/corpus.ts';
import { decoderAndInput } from './decoder-inputs.ts';
import { assertDecoderInvariants } from './decoder-invariants.ts';
import { Scenario } from './scenario.ts';
import { scenarioSettings, scenarioSteps } from './random-scenario.ts';
import { anySeed, wholeNumberOption } from '#support/whole-number-option.ts';

const USAGE = 'npm run fuzz -- [--seconds 300] [--seed NUMBER]';
const DECODER_RUNS = 20_000;
const SCENARIO_RUNS = 60;

const { seconds, firstSeed } = readArguments();
const STARTED_AT = performance.now();
const executions = { decoders: 0, endpoint: 0 };

const decoders = fc.property(decoderAndInput, ([name, input]) => {
  executions.decoders += 1;
  assertDecoderInvariants(name, input);
});

const endpoint = fc.property(scenarioSettings, scenarioSteps, (settings, steps) => {
  const scenario = new Scenario(settings);
  try {
    for (const step of steps) scenario.run(step);
    scenario.finish();
  } finally {
    executions.endpoint += scenario.datagrams;
  }
});

function readArguments(): { seconds: number; firstSeed: number } {
  const { values } = parseArgs({ options: { seconds: { type: 'string' }, seed: { type: 'string' } } });
  return {
    seconds: wholeNumberOption(values.seconds, 300, USAGE),
    firstSeed: wholeNumberOption(values.seed, anySeed(), USAGE),
  };
}

function elapsedSeconds(): number {
  return (performance.now() - STARTED_AT) / 1000;
}

function progress(seed: number, end: string): void {
  const rate = (count: number): string =>
    `${count.toLocaleString('en')} (${Math.round(count / elapsedSeconds()).toLocaleString('en')}/s)`;
  const inputs = `decoder inputs ${rate(executions.decoders)}, datagrams ${rate(executions.endpoint)}`;
  process.stdout.write(`${elapsedSeconds().toFixed(0)} s, seed ${seed}: ${inputs}${end}`);
}

/** Prints the failure, shrunk, as an entry for the corpus. */
function printFailure(file: string, entry: string, seed: number, failure: unknown): void {
  process.stdout.write(`\n
FOUND with seed ${seed}:

${failure instanceof Error ? (failure.stack ?? failure.message) : String(failure)}

1. Add this to tests/fuzz/corpus/${file} and fill in why it is there:

${entry}

2. Run npm run test:unit -- tests/fuzz/corpus, which fails now.
3. Fix the bug. Repeat this round with     npm run fuzz -- --seconds 1 --seed ${seed}
`);
}

/** Runs one round; false if it found a failure. */
function runRound(seed: number): boolean {
  const ofDecoders = fc.check(decoders, { seed, numRuns: DECODER_RUNS });
  if (ofDecoders.failed) {
    const [[decoder, input] = ['', new Uint8Array(0)]] = ofDecoders.counterexample ?? [];
    printFailure(
      'decoder-inputs.json',
      corpusJson({ why: '', decoder, input }),
      seed,
      ofDecoders.errorInstance,
    );
    return false;
  }
  const ofEndpoint = fc.check(endpoint, { seed, numRuns: SCENARIO_RUNS });
  if (ofEndpoint.failed) {
    const [settings, steps] = ofEndpoint.counterexample ?? [];
    const entry = settings && steps ? corpusJson({ why: '', settings, steps }) : '';
    printFailure('scenarios.json', entry, seed, ofEndpoint.errorInstance);
    return false;
  }
  return true;
}

let seed = firstSeed;
let passed = true;
do {
  passed = runRound(seed);
  if (process.stdout.isTTY) progress(seed, '   \r');
  else if ((seed - firstSeed) % 20 === 0) progress(seed, '\n');
  seed += 1;
} while (passed && elapsedSeconds() < seconds);
if (passed) {
  progress(seed - 1, '\n');
  process.stdout.write(`nothing found with seeds ${firstSeed} to ${seed - 1}\n`);
}
process.exitCode = passed ? 0 : 1;
