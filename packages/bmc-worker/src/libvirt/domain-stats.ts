/** The output of `virsh domstats --state --raw`: the state of every domain, on or off. */
import type { DomainState } from '../core/terms/domain-action.ts';
import { domainStates } from '../ipc/index.ts';

/** Those that have a number. */
const libvirtStates = domainStates.filter((state) => state !== 'migratedAway');

/** Follows the state: VIR_DOMAIN_SHUTOFF_MIGRATED, among the reasons of `shut off`. */
const MIGRATED = '  state.reason=4';

/** The states by the domains' names; `undefined` if the text is not that output. */
export function parseDomainStats(stdout: string): ReadonlyMap<string, DomainState> | undefined {
  const states = new Map<string, DomainState>();
  let domainName: string | undefined;
  for (const line of stdout.split('\n')) {
    const heading = /^Domain: '(.+)'$/.exec(line)?.[1];
    if (heading !== undefined) {
      domainName = heading;
      continue;
    }
    if (line === MIGRATED && domainName !== undefined && states.get(domainName) === 'shutOff')
      states.set(domainName, 'migratedAway');
    const number = /^ {2}state\.state=(\d+)$/.exec(line)?.[1];
    if (number === undefined) {
      if (line !== '' && !line.startsWith('  ')) return undefined;
      continue;
    }
    const state = libvirtStates[Number(number)];
    if (state === undefined || domainName === undefined) return undefined;
    states.set(domainName, state);
  }
  return states;
}
