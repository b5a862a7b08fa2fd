/** Which cipher suites a BMC may allow, and which protections the weaker ones lack (v2.0§22.15.2 table 22-20). */
import type { CipherSuiteId } from '@vbmc/bmc-worker/ipc';
import type { Problem } from '../text/problem.ts';

/** The protections that each suite lacks, the worst first. */
const lacksOfSuite: Readonly<Record<CipherSuiteId, readonly string[]>> = {
  0: ['authentication', 'integrity', 'encryption'],
  1: ['integrity', 'encryption'],
  2: ['encryption'],
  3: [],
  15: ['integrity', 'encryption'],
  16: ['encryption'],
  17: [],
};

const consequences: Readonly<Record<string, string>> = {
  authentication: 'so anyone who knows a user name can log in without a password',
  integrity: 'so an attacker on the network path can change commands',
  encryption: 'so an attacker on the network path can read the traffic',
};

const numbers = Object.keys(lacksOfSuite).map(Number) as CipherSuiteId[];
const strong = numbers.filter((id) => lacksOfSuite[id].length === 0);
const weak = numbers.filter((id) => !strong.includes(id));

/** `17 3`, `17,3`: in order of preference. */
export function readCipherSuites(value: string): readonly CipherSuiteId[] | { readonly problem: Problem } {
  const words = value.split(/[\s,]+/).filter((word) => word !== '');
  if (words.length === 0) {
    return { problem: { message: 'there is no cipher suite', remedy: 'write for example 17 3' } };
  }
  const suites: CipherSuiteId[] = [];
  for (const word of words) {
    const suite = numbers.find((id) => String(id) === word);
    if (suite === undefined) return { problem: refuse(word) };
    if (suites.includes(suite)) {
      const message = `cipher suite ${suite} is listed twice`;
      return { problem: { message, remedy: 'remove one of the two' } };
    }
    suites.push(suite);
  }
  return suites;
}

/** What is weak about a suite; `undefined` when it has all three protections. */
export function cipherSuiteWarning(suite: CipherSuiteId): Problem | undefined {
  const lacks = lacksOfSuite[suite];
  const [worst] = lacks;
  if (worst === undefined) return undefined;
  const message = `cipher suite ${suite} has no ${lacks.join(', no ')}, ${consequences[worst]}`;
  return { message, remedy: 'leave it out unless a client needs it' };
}

function refuse(word: string): Problem {
  const remedy = `write some of ${strong.toReversed().join(', ')}, or if a client needs them ${weak.join(', ')}`;
  const message =
    /^[0-9]{1,2}$/.test(word) && Number(word) <= 19
      ? `cipher suite ${word} is not implemented, because it uses MD5 or RC4`
      : `${word} is not a cipher suite`;
  return { message, remedy };
}
