/** The state of one domain from the output of `virsh domstats --state --raw` about all domains. */
import type { DomainFailure, DomainState } from '../core/terms/domain-action.ts';
import { parseDomainStats } from './domain-stats.ts';
import { domainFailure } from './virsh-error.ts';
import type { VirshResult } from './virsh.ts';

/** Of libvirt drivers that have no such function. */
const isNotSupported = /not supported by the connection driver/i;

/** `printed` by a call that has taken the place of `domstate` beside a start. */
export function stateAmongAll(printed: VirshResult, domainName: string): DomainState | DomainFailure {
  if (!printed.ok && isNotSupported.test(printed.stderr)) {
    const what =
      'libvirt has not answered `virsh start`, and this driver tells the states of all domains to nobody';
    return domainFailure('deadlineExceeded', what);
  }
  if (!printed.ok) return printed.failure;
  // The name may be there twice: then nobody knows which one it is.
  return (
    parseDomainStats(printed.stdout)?.get(domainName) ??
    domainFailure('virshFailed', 'virsh domstats does not tell the state of this domain')
  );
}
