/** What a vbmcd in the background tells the process that has started it and waits, over Node's channel between the two. */
import type { ServiceLink } from '../systemd/service-notices.ts';

/** The first one is the last. */
export type StartOutcome =
  { readonly kind: 'up'; readonly status: string } | { readonly kind: 'refused'; readonly problem: string };

export interface Launcher {
  /** Takes the notices that systemd would get: the launcher waits for READY. */
  readonly service: ServiceLink;
  /** vbmcd cannot start, for this reason. */
  readonly refuse: (problem: string) => void;
}

/** `undefined` when nobody waits. */
export function findLauncher(): Launcher | undefined {
  if (process.send === undefined) return undefined;
  const tell = (outcome: StartOutcome): void => {
    // A launcher that has been killed meanwhile misses nothing.
    process.send?.(outcome, undefined, undefined, () => {
      if (process.connected) process.disconnect();
    });
  };
  return {
    service: {
      watchdogMs: undefined,
      notify: (assignments) => {
        if (assignments.includes('READY=1')) tell({ kind: 'up', status: valueOf(assignments, 'STATUS') });
        return Promise.resolve(true);
      },
    },
    refuse: (problem) => {
      tell({ kind: 'refused', problem });
    },
  };
}

function valueOf(assignments: readonly string[], name: string): string {
  return assignments.find((one) => one.startsWith(`${name}=`))?.slice(name.length + 1) ?? '';
}

/** The outcome in a message; `undefined` for any other. */
export function readOutcome(message: unknown): StartOutcome | undefined {
  if (typeof message !== 'object' || message === null || !('kind' in message)) return undefined;
  if (message.kind === 'up' && 'status' in message && typeof message.status === 'string')
    return { kind: 'up', status: message.status };
  if (message.kind === 'refused' && 'problem' in message && typeof message.problem === 'string')
    return { kind: 'refused', problem: message.problem };
  return undefined;
}
