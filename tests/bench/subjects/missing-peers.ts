import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { findProgram } from '#lab/lab-environment.ts';
import type { BenchOptions } from '../options.ts';
import { VIRTUALBMC_PYTHON } from '#lab/virtualbmc/virtualbmc.ts';

const INSTALL = 'apt-get install --no-install-recommends';

/** Why a peer that was asked for cannot run, with the remedy; undefined when all can. */
export function missingPeers({ virtualBmcCheckout, ipmiSim }: BenchOptions): string | undefined {
  if (ipmiSim && findProgram('ipmi_sim') === undefined) {
    return `there is no ipmi_sim; on Debian: ${INSTALL} openipmi`;
  }
  if (virtualBmcCheckout === undefined) return undefined;
  if (!existsSync(join(virtualBmcCheckout, 'virtualbmc/cmd/vbmcd.py'))) {
    return `${virtualBmcCheckout} is no checkout of VirtualBMC`;
  }
  const { status } = spawnSync(VIRTUALBMC_PYTHON, ['-c', 'import libvirt, zmq, cliff, pbr, pyghmi']);
  if (status === 0) return undefined;
  const packages = ['libvirt', 'zmq', 'cliff', 'pbr', 'pyghmi'].map((name) => `python3-${name}`);
  return `VirtualBMC's libraries are missing; on Debian: ${INSTALL} ${packages.join(' ')}`;
}
