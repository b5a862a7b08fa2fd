import fc from 'fast-check';
import { Scenario } from './scenario.ts';
import { scenarioSettings, scenarioSteps } from './random-scenario.ts';

describe('fuzzing the endpoint', () => {
  it('finds no crash, no amplification, no effect without privilege and no disturbance of the victim', () => {
    fc.assert(
      fc.property(scenarioSettings, scenarioSteps, (settings, steps) => {
        const scenario = new Scenario(settings);
        for (const step of steps) scenario.run(step);
        scenario.finish();
      }),
      { numRuns: 150 },
    );
  });
});
