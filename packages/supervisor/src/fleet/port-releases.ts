/** The BMCs that a reload stops, and the sockets that they give up when their workers have ended. */
import { mayCollide, type SocketAddress } from '../inventory/conflicts.ts';
import type { Clock } from '../host/clock.ts';
import { END_LIMIT_MS } from '../supervision/supervision-times.ts';
import { isOverWithin } from '../supervision/within.ts';
import type { SupervisedBmc } from './supervised-bmc.ts';

interface Release {
  readonly bmc: SupervisedBmc;
  readonly socket: SocketAddress;
  readonly ended: Promise<void>;
}

export class PortReleases {
  readonly #releases: Release[] = [];

  /** `socket` is the one that the BMC has until `ended` resolves. */
  add(bmc: SupervisedBmc, socket: SocketAddress, ended: Promise<void>): void {
    this.#releases.push({ bmc, socket, ended });
  }

  /** Resolves when no worker of the BMC itself is left and no stopping BMC may hold `socket`; `undefined`: it is so now. */
  untilFree(bmc: SupervisedBmc, socket: SocketAddress): Promise<void> | undefined {
    const awaited = this.#releases.filter((one) => one.bmc === bmc || mayCollide(one.socket, socket));
    return awaited.length === 0 ? undefined : allEnded(awaited);
  }

  /** Resolves when all have ended, or with those that take too long. */
  async overdue(clock: Clock): Promise<readonly SupervisedBmc[]> {
    const late = await Promise.all(
      this.#releases.map(async ({ bmc, ended }) =>
        (await isOverWithin(clock, END_LIMIT_MS, ended)) ? [] : [bmc],
      ),
    );
    return late.flat();
  }
}

async function allEnded(releases: readonly Release[]): Promise<void> {
  await Promise.all(releases.map(({ ended }) => ended));
}
