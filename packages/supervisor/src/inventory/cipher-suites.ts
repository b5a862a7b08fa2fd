/** Which cipher suites a BMC may allow, and what those lack that are weaker than they need be (v2.0§22.15.2 table 22-20). */
import type { CipherSuiteId } from '@vbmc/bmc-worker/ipc';

/** What each suite that can be allowed does not have. */
const lacksOfSuite: Readonly<Record<CipherSuiteId, readonly string[]>> = {
  0: ['authentication', 'integrity', 'encryption'],
  1: ['integrity', 'encryption'],
  2: ['encryption'],
  3: [],
  15: ['integrity', 'encryption'],
  16: ['encryption'],
  17: [],
};

const lackMeans: Readonly<Record<string, string>> = {
  authentication: 'whoever knows the name of a user is let in without a password',
  integrity: 'whoever is on the way can change commands',
  encryption: 'whoever is on the way can read along',
};

const numbers = Object.keys(lacksOfSuite).map(Number) as CipherSuiteId[];
const whole = numbers.filter((id) => lacksOfSuite[id].length === 0);

export interface Problem {
  readonly problem: string;
}

/** `17 3`, `17,3`: in order of preference. */
export function readCipherSuites(value: string): readonly CipherSuiteId[] | Problem {
  const words = value.split(/[\s,]+/).filter((word) => word !== '');
  if (words.length === 0) return { problem: 'there is no cipher suite: write for example 17 3' };
  const suites: CipherSuiteId[] = [];
  for (const word of words) {
    const suite = numbers.find((id) => String(id) === word);
    if (suite === undefined) return { problem: refusal(word) };
    if (suites.includes(suite))
      return { problem: `cipher suite ${suite} stands there twice: remove one of the two` };
    suites.push(suite);
  }
  return suites;
}

/** What the operator ought to know about a suite; `undefined` when it has all three protections. */
export function cipherSuiteWarning(suite: CipherSuiteId): string | undefined {
  const lacks = lacksOfSuite[suite];
  const [worst] = lacks;
  if (worst === undefined) return undefined;
  return `cipher suite ${suite} has no ${lacks.join(', no ')}, ${lackMeans[worst]}: better leave it out`;
}

function refusal(word: string): string {
  const allowed = `write some of ${whole.toReversed().join(', ')}, or if need be ${numbers.filter((id) => !whole.includes(id)).join(', ')}`;
  if (!/^[0-9]{1,2}$/.test(word) || Number(word) > 19) return `${word} is not a cipher suite: ${allowed}`;
  return `cipher suite ${word} is not implemented, as it rests on MD5 or RC4: ${allowed}`;
}
