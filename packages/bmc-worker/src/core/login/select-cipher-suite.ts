import {
  authenticationAlgorithm,
  confidentialityAlgorithm,
  integrityAlgorithm,
  type AlgorithmNumbers,
  type CipherSuite,
  type HandshakeRefusal,
} from '@vbmc/ipmi-codec';

export function algorithmsOf(suite: CipherSuite): Required<AlgorithmNumbers> {
  return {
    authentication: authenticationAlgorithm[suite.authentication],
    integrity: integrityAlgorithm[suite.integrity],
    confidentiality: confidentialityAlgorithm[suite.confidentiality],
  };
}

function matches(proposed: number | undefined, offered: number | undefined): boolean {
  return proposed === undefined || proposed === offered;
}

/** Whether the specification defines an algorithm with this number (v2.0§13.28 tables 13-17 to 13-19). */
function isDefined(number: number | undefined, names: Readonly<Record<string, number>>): boolean {
  return number === undefined || Object.values(names).includes(number);
}

/** Which suite to choose where a client leaves the choice to the BMC: only old clients do, and each of them knows suite 3. */
const SUITE_OF_NULL_PROPOSALS = 3;

/**
 * The first allowed suite that fits the proposal, or the status that says why none does. A null proposal fits any
 * algorithm, but it never leads to suite 0, which has no authentication: a client has to ask for that.
 */
export function selectCipherSuite<Suite extends CipherSuite>(
  proposed: AlgorithmNumbers,
  allowed: readonly Suite[],
): Suite | HandshakeRefusal['status'] {
  if (!isDefined(proposed.authentication, authenticationAlgorithm)) return 'invalidAuthenticationAlgorithm';
  if (!isDefined(proposed.integrity, integrityAlgorithm)) return 'invalidIntegrityAlgorithm';
  if (!isDefined(proposed.confidentiality, confidentialityAlgorithm))
    return 'invalidConfidentialityAlgorithm';
  const fitting = allowed.filter((candidate) => {
    const offered = algorithmsOf(candidate);
    return (
      matches(proposed.authentication, offered.authentication) &&
      matches(proposed.integrity, offered.integrity) &&
      matches(proposed.confidentiality, offered.confidentiality)
    );
  });
  const leavesChoice = Object.values(proposed).includes(undefined);
  const suite = leavesChoice
    ? (fitting.find(({ id }) => id === SUITE_OF_NULL_PROPOSALS) ?? fitting.find(({ id }) => id !== 0))
    : fitting[0];
  return suite ?? 'noCipherSuiteMatch';
}
