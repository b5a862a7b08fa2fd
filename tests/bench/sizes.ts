/** How much each scenario does. */
export interface Sizes {
  /** Of a load that runs for a time. */
  readonly rounds: number;
  readonly roundSeconds: number;
  /** Sessions before the memory of a worker is measured. */
  readonly memorySessions: readonly number[];
  readonly memoryRounds: number;
  readonly startBmcs: number;
  readonly startRounds: number;
  readonly fleetBmcs: number;
  /** The wait after one session with each BMC, before memory is measured. */
  readonly fleetRestSeconds: number;
  readonly kills: number;
  /** Each takes a peer some seconds. */
  readonly peerKills: number;
  /** Of each kind. */
  readonly changes: number;
  readonly libvirtRestarts: number;
  readonly hangSeconds: number;
}

export const fullSizes: Sizes = {
  rounds: 5,
  roundSeconds: 5,
  memorySessions: [1_000, 5_000, 10_000, 25_000, 50_000],
  memoryRounds: 3,
  startBmcs: 100,
  startRounds: 3,
  fleetBmcs: 500,
  fleetRestSeconds: 90,
  kills: 50,
  peerKills: 10,
  changes: 100,
  libvirtRestarts: 5,
  hangSeconds: 15,
};

export const quickSizes: Sizes = {
  rounds: 2,
  roundSeconds: 1.5,
  memorySessions: [200, 400],
  memoryRounds: 1,
  startBmcs: 8,
  startRounds: 1,
  fleetBmcs: 12,
  fleetRestSeconds: 1,
  kills: 3,
  peerKills: 1,
  changes: 4,
  libvirtRestarts: 1,
  hangSeconds: 4,
};
