import type { BootFlags, PowerRestorePolicy } from '@vbmc/ipmi-codec';
import type { CommandHandler } from './request/commands/handler.ts';
import type { BmcUsers } from './session/user-directory.ts';
import type { DomainActionOutcome, DomainEvent, DomainState, OwedStart } from './terms/domain-action.ts';
import type { CommandGroup } from './terms/command-group.ts';
import type { DeviceAnswer, IdentifyLamp } from './terms/device-question.ts';
import type { WatchdogExpiry } from './terms/watchdog.ts';
import type { RemoteAddress } from './terms/remote-address.ts';

/**
 * Everything that can happen to an endpoint. The supervisor's messages about the domain are inputs as they come over IPC;
 * the shell adds what the network, the timer and libvirt bring.
 */
export type EndpointInput =
  | { readonly type: 'datagram'; readonly from: RemoteAddress; readonly datagram: Uint8Array }
  /** Time has passed: due within `limits.tickMs` while the endpoint wants ticks. */
  | { readonly type: 'tick' }
  /** A domain action that the endpoint requested has ended. */
  | { readonly type: 'actionFinished'; readonly id: number; readonly outcome: DomainActionOutcome }
  /** The answer to a question that the endpoint has asked. */
  | { readonly type: 'answered'; readonly id: number; readonly answer: DeviceAnswer }
  /** The handlers of a group that the endpoint has asked for; `undefined`: they cannot be read. */
  | {
      readonly type: 'commandsLoaded';
      readonly group: CommandGroup;
      readonly handlers: readonly CommandHandler[] | undefined;
    }
  /** The identify lamp as the supervisor has kept it. */
  | { readonly type: 'identify'; readonly lamp: IdentifyLamp }
  /** The supervisor is alive: it has sent a message, whatever it says. */
  | { readonly type: 'supervisorAlive' }
  /**
   * The domain watch reports the domain's state, and the event behind it if it saw one. `askedAt`: when the question was asked
   * that libvirt has answered with this state; absent: an event says so.
   */
  | {
      readonly type: 'domainState';
      readonly domainState: DomainState;
      readonly event?: DomainEvent;
      readonly askedAt?: number;
    }
  /** The domain watch does not know the domain's state (any more). */
  | { readonly type: 'domainStateUntrusted' }
  /** The domain watch reports that the definition was written or removed, by this BMC or by another program. */
  | { readonly type: 'definitionChanged' }
  /** The domain's UUID: `8-4-4-4-12` hex digits. */
  | { readonly type: 'uuid'; readonly uuid: string }
  /** The boot override in the domain's definition, which no start has used up; undefined without one. */
  | { readonly type: 'bootFlags'; readonly bootFlags: BootFlags | undefined }
  /** Only libvirt can tell: read what is unknown about the domain, and clear a boot override that a start has used up. */
  | { readonly type: 'inspectDomain' }
  /** Power the domain up for the supervisor; `cause` is for the event that reports it. */
  | { readonly type: 'powerUp'; readonly cause: string }
  /** The watchdog timer has expired, or is about to. `isKnown`: an earlier worker of this BMC has reported it. */
  | { readonly type: 'watchdogExpired'; readonly expiry: WatchdogExpiry & { readonly isKnown: boolean } }
  /** The power restore policy that the supervisor has stored. */
  | { readonly type: 'storedPolicy'; readonly policy: PowerRestorePolicy }
  /** Start the domain that an earlier change has switched off, if that is still wanted, when no change is under way. */
  | { readonly type: 'finishStart'; readonly start: OwedStart }
  /** From now on these users may log in. Sessions of a removed or changed user end, all others stay. */
  | ({ readonly type: 'users' } & BmcUsers)
  /** The operator wants this session to end; `session`: its label. */
  | { readonly type: 'closeSession'; readonly session: string }
  /** These sources (`sourceOf`), and no others, fail to log in at several BMCs. */
  | { readonly type: 'guessingSources'; readonly sources: readonly string[] }
  /** The process ends when the changes under way have ended: no other change begins, and no session opens. */
  | { readonly type: 'endsSoon' }
  /** The process is about to end: no input follows. */
  | { readonly type: 'stopping' };
