/** The output of `virsh domstats --state --raw`: the state of every domain, on or off. */
import type { DomainState } from '../core/terms/domain-action.ts';
import { stateByNumber } from './state-reasons.ts';

/** The states by the domains' names, without a name that is there twice; `undefined` if the text is not that output. */
export function parseDomainStats(stdout: string): ReadonlyMap<string, DomainState> | undefined {
  const states = new Map<string, DomainState>();
  const seen = new Set<string>();
  const ambiguous = new Set<string>();
  let domainName: string | undefined;
  let number: number | undefined;
  for (const line of stdout.split('\n')) {
    const heading = /^Domain: '(.+)'$/s.exec(line)?.[1];
    if (heading !== undefined) {
      domainName = heading;
      if (seen.has(heading)) ambiguous.add(heading);
      seen.add(heading);
      number = undefined;
      continue;
    }
    // The reason follows the state.
    const [, field, digits] = /^ {2}state\.(state|reason)=(\d+)$/.exec(line) ?? [];
    if (field === undefined) {
      if (line !== '' && !line.startsWith('  ')) return undefined;
      continue;
    }
    if (field === 'state') number = Number(digits);
    if (number === undefined) continue;
    const state = stateByNumber(number, field === 'reason' ? Number(digits) : undefined);
    if (state === undefined || domainName === undefined) return undefined;
    states.set(domainName, state);
  }
  for (const name of ambiguous) states.delete(name);
  return states;
}
