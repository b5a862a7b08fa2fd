import { startLab, type Lab, type LabOptions } from './lab.ts';
import type { VbmcdOptions } from './vbmcd.ts';
import { installVirshStandIn, type VirshStandIn } from './virsh-stand-in.ts';

/** Starts a lab whose vbmcd and workers find no other `virsh` than the stand-in. */
export async function startLabWithVirshStandIn(
  options: Pick<LabOptions, 'domains'> & Pick<VbmcdOptions, 'inventoryKeys'> = {},
): Promise<{ readonly lab: Lab; readonly virsh: VirshStandIn }> {
  let virsh: VirshStandIn | undefined;
  const { inventoryKeys = {}, ...labOptions } = options;
  const lab = await startLab({
    ...labOptions,
    vbmcd: ({ directory }) => {
      virsh = installVirshStandIn(directory);
      return { path: virsh.path, inventoryKeys };
    },
  });
  if (virsh === undefined) throw new Error('the lab has started without its stand-in');
  return { lab, virsh };
}
