import type { BmcListing } from '#supervisor/status/bmc-listing.ts';

/** The listing of a running BMC whose domain runs. */
export const runningListing: BmcListing = {
  name: 'node-0',
  domain: 'vm-0',
  address: '::',
  port: 6230,
  status: 'running',
  reason: null,
  warning: null,
  powerState: 'on',
  powerFailure: null,
  domainState: 'running',
  pid: 4711,
  restarts: 0,
  unanswered: null,
  identify: 'off',
};
