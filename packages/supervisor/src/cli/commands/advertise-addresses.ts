/** Chooses the address by which other hosts reach each exported BMC. */
import { guessAddress, isLoopback, type OwnAddresses } from '../../export/advertised-address.ts';
import { isWildcard } from '../../host/wildcard-address.ts';
import { Refusal } from '../../host/operator-error.ts';
import { printable } from '../../text/printable.ts';
import { UsageError } from '../errors.ts';

export interface AdvertisingOptions {
  /** The addresses that the BMCs are bound to. */
  readonly bound: readonly string[];
  /** The value of `--address`. */
  readonly asked: string | undefined;
  readonly ownAddresses: () => Promise<OwnAddresses>;
  readonly note: (text: string) => void;
}

/** From the address that a BMC is bound to, to the one by which other hosts reach it. */
export async function advertiseAddresses(options: AdvertisingOptions): Promise<(address: string) => string> {
  const { bound, asked, ownAddresses, note } = options;
  if (bound.some(isLoopback)) note('only this host can reach BMCs on a loopback address');
  if (asked !== undefined) {
    if (!/^[A-Za-z0-9.:%_-]+$/.test(asked) || isWildcard(asked)) {
      throw new UsageError(`--address: ${printable(asked)} is not an address or a host name`);
    }
    return (address) => (isWildcard(address) ? asked : address);
  }
  const wildcards = [...new Set(bound.filter(isWildcard))];
  if (wildcards.length === 0) return (address) => address;
  const own = await ownAddresses();
  const guesses = new Map<string, string>();
  for (const wildcard of wildcards) {
    const guess = guessAddress(wildcard, own);
    if (guess === undefined) {
      const message = 'this host has no address by which other hosts could reach it';
      throw new Refusal(message, { remedy: 'name one with --address' });
    }
    note(
      `BMCs that answer on all addresses (${wildcard}) get ${guess}, which is a guess: --address HOST overrides it`,
    );
    guesses.set(wildcard, guess);
  }
  return (address) => guesses.get(address) ?? address;
}
