/** Operations on real domains, drawn at random, each of them judged by what libvirt says. The domains walk at the same time. */
import { SeededRandom } from '#support/seeded-random.ts';
import type { Lab } from '../lab.ts';
import { isPossible } from './expectation.ts';
import { allOperations, describeOperation, type Operation } from './operation.ts';
import type { WalkDomain } from './walk-domain.ts';
import { lastLogged, resynchronize, startWalker, step, type Walker } from './walker.ts';

export interface Divergence {
  /** Which operation of this domain. */
  readonly number: number;
  readonly domain: string;
  readonly operation: string;
  readonly wrong: readonly string[];
}

export interface WalkOptions {
  readonly seed: number;
  /** How many for this domain. */
  readonly operations: (domain: WalkDomain) => number;
  readonly print: (line: string) => void;
  /** Only operations that this accepts are drawn. */
  readonly accepts?: (operation: Operation) => boolean;
  /** Called after each operation, with the number of those that all domains have behind them. */
  readonly onProgress?: (done: number, divergences: number) => void;
  /** Ends the walk early; what is under way then is not judged. */
  readonly signal?: AbortSignal;
}

export interface WalkResult {
  /** How many operations were carried out and judged. */
  readonly operations: number;
  readonly divergences: readonly Divergence[];
  /** How often each operation was carried out. */
  readonly counts: ReadonlyMap<string, number>;
}

/**
 * A domain's stream of random numbers depends on the seed and its index only: it meets the same operations whoever walks
 * beside it, however fast, until something diverges.
 */
function streamOf(seed: number, index: number): SeededRandom {
  const seeds = new SeededRandom(seed);
  for (let skipped = 0; skipped < index; skipped += 1) seeds.next();
  return new SeededRandom(seeds.next());
}

export async function walk(
  lab: Lab,
  domains: readonly WalkDomain[],
  options: WalkOptions,
): Promise<WalkResult> {
  const tally: Tally = { operations: 0, divergences: [], counts: new Map() };
  const signal = options.signal ?? new AbortController().signal;
  await Promise.all(domains.map((domain) => walkDomain(startWalker(lab, domain, signal), options, tally)));
  return tally;
}

interface Tally {
  operations: number;
  readonly divergences: Divergence[];
  readonly counts: Map<string, number>;
}

async function walkDomain(walker: Walker, options: WalkOptions, tally: Tally): Promise<void> {
  const { seed, print, accepts = () => true } = options;
  const { domain, signal } = walker;
  const operations = options.operations(domain);
  const random = streamOf(seed, domain.index);
  const drawn = allOperations.filter(accepts);
  let history: string[] = [];

  for (let number = 1; number <= operations; number += 1) {
    const possible = drawn.filter((each) => isPossible(walker.model, each));
    const operation = possible[random.below(possible.length)];
    if (operation === undefined) throw new Error('nothing can be done');
    const text = describeOperation(operation);
    history.push(text);
    const wrong = await step(walker, operation, random.below(2) === 0).catch((error: unknown) => [
      String(error),
    ]);
    if (signal.aborted) return;

    tally.operations += 1;
    tally.counts.set(text, (tally.counts.get(text) ?? 0) + 1);
    if (wrong.length > 0) {
      tally.divergences.push({ number, domain: domain.name, operation: text, wrong });
      print(`DIVERGENCE, seed ${seed}, operation ${number} of ${domain.name}: ${text}`);
      for (const line of wrong) print(`    ${line}`);
      print(`    what was done to it since it was defined: ${history.join(', ')}`);
      for (const line of lastLogged(walker)) print(`    vbmcd: ${line}`);
      const obstacle = await resynchronize(walker).catch(String);
      if (obstacle !== undefined) {
        print(`    ${domain.name} walks no further: ${obstacle}`);
        return;
      }
      history = [];
    }
    options.onProgress?.(tally.operations, tally.divergences.length);
  }
}
