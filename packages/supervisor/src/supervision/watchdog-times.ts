/**
 * What an expiry does to the domain is tried again after so long if it fails: some four minutes in all. libvirtd restarts within
 * seconds; a machine that hangs longer needs a person, and one that comes back by itself must not be reset for what was hours ago.
 */
export const watchdogRetriesMs: readonly number[] = [5_000, 15_000, 60_000, 180_000];
