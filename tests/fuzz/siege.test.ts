import fc from 'fast-check';
import { Siege } from './siege.ts';
import { siegeSettings, siegeSteps } from './siege-steps.ts';

describe('a BMC under siege', () => {
  it('raises nothing, answers little, does what only the entitled may ask for, and serves the bystander', () => {
    fc.assert(
      fc.property(siegeSettings, siegeSteps, (settings, steps) => {
        const siege = new Siege(settings);
        for (const step of steps) siege.take(step);
        siege.settle();
      }),
      { numRuns: 150 },
    );
  });
});
