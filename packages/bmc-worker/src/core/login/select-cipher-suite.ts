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

/**
 * The first allowed suite that fits the proposal, or the status that says why none does. A null proposal fits any
 * suite.
 */
export function selectCipherSuite<Suite extends CipherSuite>(
  proposed: AlgorithmNumbers,
  allowed: readonly Suite[],
): Suite | HandshakeRefusal['status'] {
  if (!isDefined(proposed.authentication, authenticationAlgorithm)) return 'invalidAuthenticationAlgorithm';
  if (!isDefined(proposed.integrity, integrityAlgorithm)) return 'invalidIntegrityAlgorithm';
  if (!isDefined(proposed.confidentiality, confidentialityAlgorithm))
    return 'invalidConfidentialityAlgorithm';
  const suite = allowed.find((candidate) => {
    const offered = algorithmsOf(candidate);
    return (
      matches(proposed.authentication, offered.authentication) &&
      matches(proposed.integrity, offered.integrity) &&
      matches(proposed.confidentiality, offered.confidentiality)
    );
  });
  return suite ?? 'noCipherSuiteMatch';
}
