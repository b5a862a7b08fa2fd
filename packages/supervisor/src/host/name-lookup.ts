/** What a resolver says about a host name, as far as a BMC can use it. Pure. */
import { isIP } from 'node:net';
import { nameList } from '../text/name-list.ts';
import { canonicalAddress } from './canonical-address.ts';
import { errorCode, errorText } from './error-code.ts';
import type { ResolveName } from './resolve-name.ts';
import { isWildcard } from './wildcard-address.ts';

/** Addresses, sorted, each once; or why there are none, for a sentence about the name. */
export type LookupResult = { readonly addresses: readonly string[] } | { readonly failure: string };

export async function lookUp(name: string, resolve: ResolveName): Promise<LookupResult> {
  return resolve(name).then(readAnswer, (error: unknown) => ({
    failure: describeFailure(errorCode(error) ?? errorText(error)),
  }));
}

/** A resolver may answer anything. */
function readAnswer(found: readonly string[]): LookupResult {
  const valid = [...new Set(found.filter((address) => isIP(address) !== 0).map(canonicalAddress))].sort();
  // A name for all addresses of the host would open more than anybody has written.
  const addresses = valid.filter((address) => !isWildcard(address) && !isForMany(address));
  if (addresses.length > 0) return { addresses };
  return {
    failure: valid.length === 0 ? 'it has no address' : `it is ${nameList(valid)}, which no single host has`,
  };
}

/** `code`: Node's name for the error of getaddrinfo(3). */
function describeFailure(code: string): string {
  switch (code) {
    case 'ENOTFOUND':
    case 'ENODATA':
      return `it has no address (${code})`;
    case 'EAI_AGAIN':
      return `the resolver does not answer (${code})`;
    default:
      return `it cannot be resolved (${code})`;
  }
}

/** Multicast and broadcast: a socket can be bound to them, and receives what is meant for others too. */
function isForMany(address: string): boolean {
  return /^(?:22[4-9]|23[0-9]|255)\./.test(address) || /^ff/i.test(address);
}
