import { assertDecoderInvariants } from '../fuzz/decoder-invariants.ts';
import { decoders } from '../fuzz/decoders.ts';
import { Siege } from '../fuzz/siege.ts';
import type { SiegeSettings, Step } from '../fuzz/siege-step.ts';
import { corpusDatagrams, corpusInputs, corpusSieges } from './corpus.ts';

const settings: SiegeSettings = {
  allowedCipherSuites: [17, 3],
  twoKey: false,
  loginAttempts: 10,
  allowsIpmiV15: true,
  privilegeLimit: 'administrator',
};

/** What has been sent when the datagram comes. */
const phases: Readonly<Record<string, readonly Step['kind'][]>> = {
  'before anything else': [],
  'after Open Session': ['open'],
  'after RAKP Message 1': ['open', 'rakp1'],
  'beside a session': ['login'],
  'after Get Session Challenge': ['challenge'],
  'beside a session of IPMI 1.5': ['loginV15'],
};

function sent(kind: Step['kind']): Step {
  return {
    ...{ kind, player: 'operator', source: 0, suite: 'allowed', level: 'operator' },
    ...{ tamper: {}, outside: [] },
  } as Step;
}

describe.each(Object.entries(phases))('a datagram of the corpus %s', (_phase, before) => {
  it.each(corpusDatagrams)('$why', ({ datagram }) => {
    const siege = new Siege(settings);
    for (const kind of before) siege.take(sent(kind));
    // From where the handshake came, and from where the bystander's session is.
    for (const source of [0, 5]) siege.take({ kind: 'noise', source, datagram });
    siege.settle();
  });
});

describe('the corpus for decoders', () => {
  it.each(corpusDatagrams)('$why', ({ datagram }) => {
    // With the headers before it, and without.
    for (const offset of [0, 4, 14, 16, 20]) {
      for (const { name } of decoders) assertDecoderInvariants(name, datagram.subarray(offset));
    }
  });

  it.each(corpusInputs)('$decoder: $why', ({ decoder, input }) => {
    assertDecoderInvariants(decoder, input);
  });
});

test.each(corpusSieges)('a siege of the corpus: $why', ({ settings: besieged, steps }) => {
  const siege = new Siege(besieged);
  for (const step of steps) siege.take(step);
  siege.settle();
});
