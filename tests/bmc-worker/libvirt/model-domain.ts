/** A libvirt domain in memory, behind the `Virsh` function: a state, two definitions, and faults on demand. */
import { readFileSync } from 'node:fs';
import type { DomainFailureKind, DomainState } from '#worker/core/terms/domain-action.ts';
import { parseDomain, serializeDomain } from '#worker/libvirt/domain-xml.ts';
import { OVERRIDE_NAMESPACE } from '#worker/libvirt/override-metadata.ts';
import { classifyVirshError, failedToConnect } from '#worker/libvirt/virsh-error.ts';
import type { Virsh, VirshResult } from '#worker/libvirt/virsh.ts';
import { ModelQemu, withAliases } from './model-qemu.ts';

const printed: Readonly<Record<DomainState, string>> = {
  noState: 'no state',
  running: 'running',
  idle: 'idle',
  paused: 'paused',
  inShutdown: 'in shutdown',
  shutOff: 'shut off',
  crashed: 'crashed',
  pmsuspended: 'pmsuspended',
  migratedAway: 'shut off (migrated)',
  startingUp: 'paused (starting up)',
  ioError: 'paused (I/O error)',
  heldForJob: 'paused (saving)',
  migrating: 'paused (migrating)',
};

export interface ModelDomain {
  readonly virsh: Virsh;
  /** The verbs that were run, without reads. */
  readonly changes: string[];
  state: DomainState;
  config: string;
  /** The definition that the running domain was started with. */
  live: string | undefined;
  transient: boolean;
  /** Has an image of its memory, which a start resumes. */
  managedSave: boolean;
  /** The running process; undefined while there is none. */
  qemu: ModelQemu | undefined;
  /** What the machine booted from, boot by boot: the alias of its first device. */
  readonly boots: (string | undefined)[];
  /** The guest resets itself. */
  guestReboot(): void;
  /** Called before each call; a result takes the call's place. */
  intercept: ((verb: string, args: readonly string[]) => VirshResult | undefined) | undefined;
  /** Likewise, for a call that takes its time. `signal`: lets the call go. */
  hold: ((verb: string, signal: AbortSignal | undefined) => Promise<VirshResult> | undefined) | undefined;
}

function ok(stdout = ''): VirshResult {
  return { ok: true, stdout };
}

export function failure(stderr: string, kind?: DomainFailureKind): VirshResult {
  return {
    ok: false,
    failure: { kind: kind ?? classifyVirshError(stderr), message: stderr },
    stderr,
    ...(failedToConnect.test(stderr) && { notBegun: true as const }),
  };
}

function metadata(xml: string): VirshResult {
  const root = parseDomain(xml)?.documentElement;
  const [element] = root?.getElementsByTagNameNS(OVERRIDE_NAMESPACE, 'bootOverride') ?? [];
  if (element === undefined) {
    return failure('error: metadata not found: Requested metadata element is not present\n');
  }
  const document = element.ownerDocument;
  if (document === null) throw new Error('no document');
  const text =
    /<vbmc:bootOverride(.*<\/vbmc:bootOverride>|[^>]*\/>)/s.exec(serializeDomain(document))?.[0] ?? '';
  return ok(text.replaceAll('vbmc:', '').replace(/ xmlns:vbmc="[^"]*"/, ''));
}

const notRunning = failure('error: Requested operation is not valid: domain is not running\n');

export function createModelDomain(config: string, state: DomainState = 'shutOff'): ModelDomain {
  const read = (verb: string, args: readonly string[]): VirshResult | undefined => {
    switch (verb) {
      case 'domstate':
        return ok(`${printed[domain.state]}\n\n`);
      case 'domuuid':
        return ok('3E3FCE45-4f53-4fa7-bb32-11f34168b82b\n\n');
      case 'dominfo':
        return ok(`Persistent:     yes\nManaged save:   ${domain.managedSave ? 'yes' : 'no'}\n`);
      case 'dumpxml':
        return args.includes('--inactive') || domain.live === undefined ? ok(domain.config) : ok(domain.live);
      case 'metadata':
        if (args.includes('--set')) return undefined;
        if (args.includes('--live')) return domain.live === undefined ? notRunning : metadata(domain.live);
        return domain.transient
          ? failure(
              'error: Requested operation is not valid: transient domains do not have any persistent config\n',
            )
          : metadata(domain.config);
      default:
        return undefined;
    }
  };
  const boot = (): void => {
    domain.boots.push(domain.qemu?.reset());
  };
  const change = (verb: string, args: readonly string[]): VirshResult => {
    const off = domain.state === 'shutOff' || domain.state === 'migratedAway';
    const become = (next: DomainState): VirshResult => {
      domain.state = next;
      return ok();
    };
    switch (verb) {
      case 'start':
        if (!off) return failure('error: Domain is already active\n');
        domain.live = withAliases(domain.config);
        domain.qemu = new ModelQemu(domain.live);
        // A resumed guest does not boot.
        if (!domain.managedSave || args.includes('--force-boot')) boot();
        domain.managedSave = false;
        return become('running');
      case 'managedsave-remove':
        domain.managedSave = false;
        return ok();
      case 'destroy':
        if (off) return notRunning;
        domain.live = undefined;
        domain.qemu = undefined;
        return become('shutOff');
      case 'resume':
        return domain.state === 'paused' || domain.state === 'ioError' ? become('running') : notRunning;
      case 'dompmwakeup':
        return domain.state === 'pmsuspended' ? become('running') : notRunning;
      case 'reset':
        if (off) return notRunning;
        // virsh reports success for what `<on_reboot>destroy` makes of a reset, too.
        if ((domain.live ?? '').includes('<on_reboot>destroy')) {
          domain.live = undefined;
          return become('shutOff');
        }
        boot();
        return ok();
      case 'inject-nmi':
      case 'shutdown':
        return off ? notRunning : ok();
      default:
        return failure(`error: unknown command: '${verb}'\n`);
    }
  };
  const domain: ModelDomain = {
    virsh: (verb, args = [], options = {}) => {
      const name = `virsh ${verb}`;
      if (options.signal?.aborted === true) return Promise.resolve(failure(name, 'calledOff'));
      // A start that has begun is not let go.
      const held = domain.hold?.(verb, verb === 'start' ? undefined : options.signal);
      if (held !== undefined) return held;
      const intercepted = domain.intercept?.(verb, args);
      const result = intercepted ?? read(verb, args);
      if (result !== undefined) return Promise.resolve(result);
      if (verb === 'qemu-monitor-command') {
        const printed = domain.qemu?.answer(options.script ?? '');
        return Promise.resolve(printed === undefined ? notRunning : ok(printed));
      }
      if (verb === 'metadata') return Promise.resolve(setLiveMetadata(domain, args.at(-1) ?? ''));
      domain.changes.push(args.includes('--mode') ? `${verb} ${args.at(-1) ?? ''}` : verb);
      if (verb !== 'define') return Promise.resolve(change(verb, args));
      domain.config = readFileSync(`/proc/self/fd/${options.inheritFd ?? 'none'}`, 'utf8');
      return Promise.resolve(ok());
    },
    changes: [],
    state,
    config,
    live: undefined,
    qemu: undefined,
    boots: [],
    guestReboot: boot,
    transient: false,
    managedSave: false,
    intercept: undefined,
    hold: undefined,
  };
  if (state !== 'shutOff') {
    domain.live = withAliases(config);
    domain.qemu = new ModelQemu(domain.live);
  }
  return domain;
}

/** `virsh metadata --live --set`. */
function setLiveMetadata(domain: ModelDomain, element: string): VirshResult {
  if (domain.live === undefined) return notRunning;
  const named = element.replace('<bootOverride', `<vbmc:bootOverride xmlns:vbmc='${OVERRIDE_NAMESPACE}'`);
  const others = domain.live
    .replace(/<vbmc:bootOverride[\s\S]*<\/vbmc:bootOverride>/, '')
    .replace(/<vbmc:bootOverride[^>]*\/>/, '')
    .replace('<metadata/>', '<metadata></metadata>');
  const parent = others.includes('<metadata>')
    ? others
    : others.replace('</domain>', '<metadata></metadata></domain>');
  domain.live = parent.replace('</metadata>', `${named}</metadata>`);
  return ok();
}
