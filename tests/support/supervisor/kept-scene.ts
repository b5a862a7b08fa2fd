import type { KeptConnectionOutlook } from '#worker/ipc/protocol.ts';
import { KeptConnections } from '#supervisor/kept-connections/kept-connections.ts';
import type { SshMasterListener, SshMasterOptions } from '#supervisor/kept-connections/ssh-master.ts';
import { temporaryDirectory } from '../temporary-directory.ts';
import { ScriptedVirsh } from './scripted-virsh.ts';
import { waitFor } from '../wait-for.ts';
import { VirtualClock } from './virtual-clock.ts';

export const KEPT_URI = 'qemu+ssh://bmc@hv1/system';

export interface ScriptedMaster extends SshMasterListener {
  readonly options: SshMasterOptions;
  isStopped: boolean;
}

export interface KeptScene {
  readonly clock: VirtualClock;
  readonly kept: KeptConnections;
  readonly masters: readonly ScriptedMaster[];
  /** The virshs that try a way. */
  readonly trials: readonly ScriptedVirsh[];
  readonly logged: readonly string[];
  /** What a BMC was told, in order. */
  readonly told: string[];
  /** A BMC begins to use the connection. The function returned ends that. */
  readonly use: (uri?: string) => () => void;
  /** Waits until another ssh is started: the file system makes the directory of the sockets first. */
  readonly settle: () => Promise<void>;
  /** ssh forwards, and libvirt answers. */
  readonly answer: () => void;
  /** The same, when ssh is started. */
  readonly stand: () => Promise<void>;
  readonly master: () => ScriptedMaster;
}

/** Kept connections with a scripted ssh and virsh. */
export function keptScene(): KeptScene {
  const clock = new VirtualClock();
  const masters: ScriptedMaster[] = [];
  const trials: ScriptedVirsh[] = [];
  const logged: string[] = [];
  const told: string[] = [];
  const kept = new KeptConnections(temporaryDirectory(), {
    clock,
    random: () => 0,
    log: (level, message) => logged.push(`${level} ${message}`),
    followVirsh: (command, listener) => {
      const virsh = new ScriptedVirsh(command, listener);
      trials.push(virsh);
      return () => {
        virsh.kill();
      };
    },
    startMaster: (options, listener) => {
      const master = { ...listener, options, isStopped: false };
      masters.push(master);
      return () => {
        master.isStopped = true;
        return Promise.resolve();
      };
    },
  });
  let seen = 0;
  const settle = async (): Promise<void> => {
    await waitFor('an ssh to be started', () => masters.length > seen, { intervalMs: 1 });
    seen = masters.length;
  };
  const master = (): ScriptedMaster => {
    const last = masters.at(-1);
    if (last === undefined) throw new Error('no ssh was started');
    return last;
  };
  const answer = (): void => {
    master().forwards();
    trials.at(-1)?.prints('hv1');
    trials.at(-1)?.ends();
  };
  return {
    ...{ clock, kept, masters, trials, logged, told, settle, master },
    use: (uri = KEPT_URI) =>
      kept.subscribe(uri, ({ outlook, connectionUri }: KeptConnectionOutlook) => {
        told.push(
          connectionUri === undefined ? outlook : `${outlook} ${connectionUri.replace(/%2F.*%2F/, '…')}`,
        );
      }),
    answer,
    stand: async () => {
      await settle();
      answer();
    },
  };
}
