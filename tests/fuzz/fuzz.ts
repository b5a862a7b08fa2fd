/**
 * `npm run fuzz`: the fuzz of the decoders and of the endpoint, round after round, each with the next seed, until
 * the time is over or something is found. `-- --seconds 300 --seed 1`.
 */
import { parseArgs } from 'node:util';
import fc from 'fast-check';
import { corpusJson } from '../corpus/corpus.ts';
import { decoderAndInput } from './decoder-inputs.ts';
import { assertDecoderInvariants } from './decoder-invariants.ts';
import { Siege } from './siege.ts';
import { siegeSettings, siegeSteps } from './siege-steps.ts';

const USAGE = 'npm run fuzz -- [--seconds 300] [--seed NUMBER]';
const DECODER_RUNS = 20_000;
const SIEGE_RUNS = 60;

const { seconds, firstSeed } = readArguments();
const STARTED_AT = performance.now();
const executions = { decoders: 0, endpoint: 0 };

const decoders = fc.property(decoderAndInput, ([name, input]) => {
  executions.decoders += 1;
  assertDecoderInvariants(name, input);
});

const endpoint = fc.property(siegeSettings, siegeSteps, (settings, steps) => {
  const siege = new Siege(settings);
  try {
    for (const step of steps) siege.take(step);
    siege.settle();
  } finally {
    executions.endpoint += siege.datagrams;
  }
});

function readArguments(): { seconds: number; firstSeed: number } {
  const { values } = parseArgs({ options: { seconds: { type: 'string' }, seed: { type: 'string' } } });
  const number = (text: string | undefined, otherwise: number): number => {
    const value = text === undefined ? otherwise : Number(text);
    if (Number.isSafeInteger(value) && value >= 0) return value;
    process.stderr.write(`${USAGE}\n`);
    process.exit(2);
  };
  return { seconds: number(values.seconds, 300), firstSeed: number(values.seed, Date.now() % 2 ** 31) };
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

/** What was found, shrunk, in the form in which the corpus keeps it. */
function tell(file: string, entry: string, seed: number, failure: unknown): void {
  process.stdout.write(`\n
FOUND with seed ${seed}:

${failure instanceof Error ? (failure.stack ?? failure.message) : String(failure)}

1. Put this into tests/corpus/${file} and say why it is there:

${entry}

2. npm run test:unit -- tests/corpus       fails now
3. Mend it. The same round once more:      npm run fuzz -- --seconds 1 --seed ${seed}
`);
}

/** Whether nothing was found. */
function round(seed: number): boolean {
  const ofDecoders = fc.check(decoders, { seed, numRuns: DECODER_RUNS });
  if (ofDecoders.failed) {
    const [[decoder, input] = ['', new Uint8Array(0)]] = ofDecoders.counterexample ?? [];
    tell('decoder-inputs.json', corpusJson({ why: '', decoder, input }), seed, ofDecoders.errorInstance);
    return false;
  }
  const ofEndpoint = fc.check(endpoint, { seed, numRuns: SIEGE_RUNS });
  if (ofEndpoint.failed) {
    const [settings, steps] = ofEndpoint.counterexample ?? [];
    const entry = settings && steps ? corpusJson({ why: '', settings, steps }) : '';
    tell('sieges.json', entry, seed, ofEndpoint.errorInstance);
    return false;
  }
  return true;
}

let seed = firstSeed;
let nothingFound = true;
do {
  nothingFound = round(seed);
  if (process.stdout.isTTY) progress(seed, '   \r');
  else if ((seed - firstSeed) % 20 === 0) progress(seed, '\n');
  seed += 1;
} while (nothingFound && elapsedSeconds() < seconds);
if (nothingFound) {
  progress(seed - 1, '\n');
  process.stdout.write(`nothing found with seeds ${firstSeed} to ${seed - 1}\n`);
}
process.exitCode = nothingFound ? 0 : 1;
