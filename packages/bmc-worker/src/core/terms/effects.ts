import type { SourceFailures } from './bmc-description.ts';
import type { BmcEvent } from './bmc-event.ts';
import type { ChangeOrigin, DomainAction } from './domain-action.ts';
import type { CommandGroup } from './command-group.ts';
import type { DeviceQuestion } from './device-question.ts';
import type { RemoteAddress } from './remote-address.ts';

/** What the endpoint asks the shell to do. */
export type Effect =
  | { readonly kind: 'transmit'; readonly to: RemoteAddress; readonly datagram: Uint8Array }
  /** The shell carries the action out and hands its outcome back under the same id. */
  | {
      readonly kind: 'domainAction';
      readonly id: number;
      readonly action: DomainAction;
      readonly origin: ChangeOrigin;
    }
  /** The action has been overtaken: the shell starts none of its further steps, and passes its outcome on or not. */
  | { readonly kind: 'callOffAction'; readonly id: number }
  /** The shell answers the question under the same id. */
  | { readonly kind: 'question'; readonly id: number; readonly question: DeviceQuestion }
  /** The shell reads the handlers of this group, and hands them over. */
  | { readonly kind: 'loadCommands'; readonly group: CommandGroup }
  /** Logins have failed, so often from each source since the last time: for the count over all BMCs. */
  | { readonly kind: 'loginFailures'; readonly failures: readonly SourceFailures[] }
  | { readonly kind: 'event'; readonly event: BmcEvent };
