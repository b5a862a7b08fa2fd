import type { PrivateLibvirt } from '../private-libvirt.ts';

/** What libvirt says of a domain. */
export interface Truth {
  readonly state: string;
  /** Undefined while it is off. It changes with each new process. */
  readonly id: string | undefined;
  readonly uuid: string;
  readonly hasImage: boolean;
  /** The inactive definition, secrets included. */
  readonly definition: string;
  /** The disks of the machine as it is now. */
  readonly blockDevices: readonly string[];
}

const SEPARATOR = '=== next answer ===';

/** One virsh for all answers: they are as close together as can be. */
export async function readTruth(libvirt: PrivateLibvirt, name: string): Promise<Truth> {
  const questions = [
    `domstate ${name}`,
    `domid ${name}`,
    `domuuid ${name}`,
    `dominfo ${name}`,
    `domblklist ${name}`,
    `dumpxml --inactive --security-info ${name}`,
  ];
  const script = questions.join(`; echo '${SEPARATOR}'; `);
  const answers = (await libvirt.virsh(script)).split(`${SEPARATOR}\n`);
  const [state = '', id = '', uuid = '', info = '', blocks = '', definition = ''] = answers;
  return {
    state: state.trim(),
    id: /^\d+$/.exec(id.trim())?.[0],
    uuid: uuid.trim(),
    hasImage: /^Managed save:\s+yes$/m.test(info),
    definition: definition.trim(),
    blockDevices: Array.from(blocks.matchAll(/^\s*(\w+)\s+\//gm), ([, target]) => target ?? ''),
  };
}
