/** The events about changes of the domain: how each client's request ended, and which were refused. */
import { describeAction } from '../domain/describe-action.ts';
import type { BmcEvent } from '../terms/bmc-event.ts';
import type { ChangeOrigin, DomainAction, DomainActionOutcome } from '../terms/domain-action.ts';
import { limits } from '../terms/limits.ts';
import type { WatchdogExpiry } from '../terms/watchdog.ts';
import type { RunningAction, Waiter } from './action-queue.ts';

type Finished = Extract<BmcEvent, { readonly kind: 'domainActionFinished' }>;

/** One event for who has asked for the change, and one for each other client that has shared it. */
export function finishedEvents(
  finished: RunningAction,
  outcome: DomainActionOutcome,
  now: number,
): readonly Finished[] {
  const { action, sharers, waiters } = finished;
  const common = {
    kind: 'domainActionFinished',
    action: action.kind,
    description: describeAction(action),
    ...(outcome.ok ? {} : { failure: outcome.failure }),
  } as const;
  const own: Finished = {
    ...common,
    ...originOf(finished),
    durationMs: now - finished.startedAt,
    ...(finished.answeredLate ? { late: true as const } : {}),
  };
  const shared = sharers.map((sharer): Finished => ({
    ...common,
    user: sharer.user,
    source: sharer.source,
    durationMs: now - sharer.since,
    ...(waiters.includes(sharer) ? {} : { late: true as const }),
    shared: true,
  }));
  return [own, ...shared];
}

/** A client that asks again and again, each time in a new session perhaps, is told of once for each change in its way. */
export function refusalEvent(
  busyWith: RunningAction,
  action: DomainAction,
  { user, source, session }: Waiter,
): BmcEvent | undefined {
  const client = `${user} ${session?.source ?? source}`;
  if (busyWith.refused.has(client) || busyWith.refused.size >= limits.waitersPerAction) return undefined;
  busyWith.refused.add(client);
  const underWay = describeAction(busyWith.action);
  return { kind: 'changeRefused', description: describeAction(action), user, source, underWay };
}

/** Who or what has asked for a change. */
export function originOf({ action, requester, cause }: RunningAction): ChangeOrigin {
  const description = describeAction(action);
  if (action.kind === 'finishStart')
    return { description, user: action.start.user, source: action.start.source };
  return { description, user: requester?.user ?? '', source: requester?.source ?? cause ?? '' };
}

export function watchdogEvent({ use, effect, hasNmi, dontLog }: WatchdogExpiry): BmcEvent {
  return {
    kind: 'watchdogExpired',
    use,
    effect,
    ...(hasNmi && { hasNmi }),
    ...(dontLog && { dontLog }),
  };
}
