import type { CipherSuiteId, PowerRestorePolicy } from '@vbmc/ipmi-codec';
import type { LoginOptions } from './login/login-options.ts';
import type { EventLogSettings } from './terms/event-log-settings.ts';
import type { BmcFigures } from './terms/bmc-figures.ts';
import type { BmcIdentity } from './request/commands/handler.ts';

/** How one BMC differs from the next. */
export interface EndpointOptions extends Omit<LoginOptions, 'cipherSuites' | 'device' | 'emit'> {
  /** In order of preference. */
  readonly allowedCipherSuites: readonly CipherSuiteId[];
  /** Whether IPMI 1.5 sessions may be opened. */
  readonly allowsIpmiV15: boolean;
  readonly identity: BmcIdentity;
  /** Whether IPMI may change users; false if absent. */
  readonly userChanges?: boolean;
  /** Whether a client may have the watchdog timer act on the domain; true if absent. */
  readonly watchdog?: boolean;
  /** 512 entries, `wrap`, if absent. */
  readonly eventLog?: EventLogSettings;
  /** As the supervisor has stored it. */
  readonly powerRestorePolicy: PowerRestorePolicy;
}

/** The shell drops datagrams from addresses outside `allow` and counts those. */
export type EndpointFigures = Omit<BmcFigures, 'notAllowedDatagrams'>;
