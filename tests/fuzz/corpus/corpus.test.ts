import { assertDecoderInvariants } from '../decoder-invariants.ts';
import { decoders } from '../decoders.ts';
import { Scenario } from '../scenario.ts';
import type { ScenarioSettings, Step } from '../scenario-step.ts';
import { corpusDatagrams, corpusInputs, corpusScenarios } from './corpus.ts';

const settings: ScenarioSettings = {
  allowedCipherSuites: [17, 3],
  twoKey: false,
  loginAttempts: 10,
  allowsIpmiV15: true,
  privilegeLimit: 'administrator',
};

/** The steps before the datagram is sent. */
const phases: Readonly<Record<string, readonly Step['kind'][]>> = {
  'before anything else': [],
  'after Open Session': ['open'],
  'after RAKP Message 1': ['open', 'rakp1'],
  'during a session': ['login'],
  'after Get Session Challenge': ['challenge'],
  'during an IPMI 1.5 session': ['loginV15'],
};

function sent(kind: Step['kind']): Step {
  return {
    ...{ kind, client: 'operator', source: 0, suite: 'allowed', level: 'operator' },
    ...{ tamper: {}, outside: [] },
  } as Step;
}

describe.each(Object.entries(phases))('a datagram of the corpus %s', (_phase, before) => {
  it.each(corpusDatagrams)('$why', ({ datagram }) => {
    const scenario = new Scenario(settings);
    for (const kind of before) scenario.run(sent(kind));
    // From the client's address, and from the victim's.
    for (const source of [0, 5]) scenario.run({ kind: 'noise', source, datagram });
    scenario.finish();
  });
});

describe('the corpus for decoders', () => {
  it.each(corpusDatagrams)('$why', ({ datagram }) => {
    // The whole datagram, and each layer alone.
    for (const offset of [0, 4, 14, 16, 20]) {
      for (const { name } of decoders) assertDecoderInvariants(name, datagram.subarray(offset));
    }
  });

  it.each(corpusInputs)('$decoder: $why', ({ decoder, input }) => {
    assertDecoderInvariants(decoder, input);
  });
});

test.each(corpusScenarios)('a scenario of the corpus: $why', ({ settings: configured, steps }) => {
  const scenario = new Scenario(configured);
  for (const step of steps) scenario.run(step);
  scenario.finish();
});
