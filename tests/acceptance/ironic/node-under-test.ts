/** One node of Ironic, with three views of its power: Ironic's, the BMC's by an ipmitool of our own, and libvirt's. */
import { setTimeout as sleep } from 'node:timers/promises';
import { commandLog, type CommandLog } from '#lab/ironic/command-log.ts';
import type { IronicApi, IronicNode } from '#lab/ironic/ironic-api.ts';
import type { IronicService } from '#lab/ironic/ironic-service.ts';
import type { LabBmc } from '#lab/inventory-text.ts';
import type { CommandResult } from '#lab/run-command.ts';
import type { Lab } from '#lab/lab.ts';

export type Power = 'on' | 'off';

/** libvirt's states of a domain that is on; a paused one is neither. */
const statesOfOn = ['running', 'idle', 'in shutdown'];
const MAC = '52:54:00:6c:61:62';
/** The API answers before Ironic has begun. */
const UNTIL_BEGUN_MS = 300;

export interface PowerChange {
  /** For how long Ironic waits for a guest that is to shut down. */
  readonly softTimeoutSeconds?: number;
  readonly timeoutMs?: number;
}

export class NodeUnderTest {
  readonly name = 'steps';
  readonly api: IronicApi;
  readonly log: CommandLog;
  readonly bmc: LabBmc;
  readonly #ironic: IronicService;
  readonly #lab: Lab;

  constructor(ironic: IronicService, lab: Lab, index: number) {
    this.bmc = lab.bmc(index);
    this.api = ironic.api;
    this.log = commandLog(ironic.logFile, this.bmc);
    this.#ironic = ironic;
    this.#lab = lab;
  }

  /** Makes the node, with a port. */
  async enrol(): Promise<IronicNode> {
    const node = (await this.api.post('/nodes', {
      name: this.name,
      driver: 'ipmi',
      driver_info: this.driverInfo(this.bmc.password),
      deploy_interface: 'ramdisk',
      boot_interface: 'ipxe',
      network_interface: 'noop',
      instance_info: this.#ironic.images,
    })) as IronicNode;
    await this.api.post('/ports', { node_uuid: node.uuid, address: MAC });
    return node;
  }

  driverInfo(password: string): Readonly<Record<string, unknown>> {
    const { address, port, username } = this.bmc;
    const { kernel, ramdisk } = this.#ironic.images;
    return {
      ...{ ipmi_address: address, ipmi_port: port, ipmi_username: username, ipmi_password: password },
      ...{ deploy_kernel: kernel, deploy_ramdisk: ramdisk },
    };
  }

  async remove(name = this.name): Promise<void> {
    const { provision_state: state } = await this.api.settled(name, () => true);
    // Only a node in maintenance can be deleted in any other state.
    if (!['enroll', 'manageable', 'available'].includes(state)) {
      await this.api.put(`/nodes/${name}/maintenance`, { reason: 'removed by the acceptance test' });
    }
    await this.api.delete(`/nodes/${name}`);
  }

  /** Waits until Ironic has nothing to do with the node, and `holds` is true of it. */
  async settled(holds: (node: IronicNode) => boolean = () => true, timeoutMs = 120_000): Promise<IronicNode> {
    return this.api.settled(this.name, (node) => node.target_power_state === null && holds(node), timeoutMs);
  }

  async provision(target: string, ends: (state: string) => boolean, timeoutMs: number): Promise<IronicNode> {
    await this.api.put(`/nodes/${this.name}/states/provision`, { target });
    await sleep(UNTIL_BEGUN_MS);
    return this.api.settled(this.name, (node) => ends(node.provision_state), timeoutMs);
  }

  /** Has Ironic change the power, and requires that all three agree afterwards. */
  async changePower(target: string, wanted: Power, change: PowerChange = {}): Promise<string> {
    const { softTimeoutSeconds, timeoutMs = 300_000 } = change;
    await this.settled();
    const timeout = softTimeoutSeconds !== undefined && { timeout: softTimeoutSeconds };
    await this.api.put(`/nodes/${this.name}/states/power`, { target, ...timeout });
    await sleep(UNTIL_BEGUN_MS);
    const { last_error: error, power_state: state } = await this.settled(undefined, timeoutMs);
    if (error !== null) throw new Error(`last_error: ${error}`);
    if (state !== `power ${wanted}`) throw new Error(`power_state is ${state ?? 'unknown'}`);
    return this.confirmPower(wanted);
  }

  /** Brings the machine to a known state before a step; what goes wrong shows in the step itself. */
  async forcePower(wanted: Power): Promise<void> {
    try {
      const { power_state: state } = await this.settled();
      if (state === `power ${wanted}` && (await this.bmcPower()) === wanted) return;
      await this.api.put(`/nodes/${this.name}/states/power`, { target: `power ${wanted}` });
      await sleep(UNTIL_BEGUN_MS);
      await this.settled(undefined, 180_000);
    } catch {
      // The step finds it.
    }
  }

  /** Ironic has said so already; throws unless the BMC and libvirt agree. */
  async confirmPower(wanted: Power): Promise<string> {
    const bmc = await this.bmcPower();
    if (bmc !== wanted) throw new Error(`Ironic says ${wanted}, ipmitool run by hand says ${bmc}`);
    const state = await this.#lab.domstate(this.bmc.domain);
    const isRight = wanted === 'off' ? state === 'shut off' : statesOfOn.includes(state);
    if (!isRight) throw new Error(`Ironic and the BMC say ${wanted}, libvirt says ${state}`);
    return `Ironic, BMC and libvirt agree: ${wanted}`;
  }

  /** Returns `on`, `off`, or why neither is known. */
  async bmcPower(): Promise<string> {
    const { exitCode, stdout, stderr } = await this.ipmitool('power', 'status');
    const said = `${stdout}${stderr}`.trim().slice(-120);
    return (
      /Chassis Power is (on|off)/.exec(stdout)?.[1] ?? `unknown (exit ${exitCode ?? 'by signal'}, ${said})`
    );
  }

  /** The second opinion: an ipmitool that Ironic has nothing to do with. It waits 8 s: a start takes seconds on a busy machine. */
  async ipmitool(...args: string[]): Promise<CommandResult> {
    const options = { privilegeLevel: 'ADMINISTRATOR', tries: 4, retryIntervalSeconds: 2 } as const;
    return this.#lab.ipmitool(this.bmc, args, options);
  }
}
