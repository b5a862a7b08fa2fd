/** One domain over one connection: reads its state and its metadata. Failures are values. */
import type { DomainFailure, DomainState } from '../core/terms/domain-action.ts';
import { isUuid } from '../core/terms/uuid.ts';
import { addressDomain } from './domain-address.ts';
import { parseDomainState } from './domain-state.ts';
import {
  noInactiveDefinition,
  noLiveDefinition,
  noMetadata,
  OVERRIDE_NAMESPACE,
} from './override-metadata.ts';
import {
  liveElement,
  parseOverrideSummary,
  type FoundOverride,
  type OverrideSummary,
} from './override-summary.ts';
import { monitorScript, readReplies, type MonitorCommand, type MonitorReply } from './monitor-script.ts';
import { domainFailure } from './virsh-error.ts';
import { INHERITED_FILE, type Virsh, type VirshResult } from './virsh.ts';

export type Result<T> =
  { readonly ok: true; readonly value: T } | { readonly ok: false; readonly failure: DomainFailure };

export function succeeded<T>(value: T): Result<T> {
  return { ok: true, value };
}
export function failed(failure: DomainFailure): { readonly ok: false; readonly failure: DomainFailure } {
  return {
    ok: false,
    failure,
  };
}

/**
 * QEMU answers its monitor within milliseconds, or hangs (its storage is away). A boot device is set in the definition all the
 * same, and its client waits for the answer.
 */
const MONITOR_DEADLINE_MS = 5_000;

/** Beside a `start` of the domain, a question about it alone would keep libvirt from changing any definition. */
const allStates = { verb: 'domstats', args: ['--state', '--raw'] } as const;

/** One domain, addressed for the duration of one action. */
export interface DomainConnection {
  readonly domainName: string;
  /** What names the domain to virsh; see domain-address.ts. */
  readonly address: string;
  /** Runs `virsh VERB --domain THIS ARGS…`. */
  run(verb: string, ...args: readonly string[]): Promise<VirshResult>;
  /** Runs `virsh define` with the document on an open file descriptor. */
  define(fd: number): Promise<VirshResult>;
  /** How many of them have succeeded. */
  readonly definitionsWritten: number;
  readState(): Promise<Result<DomainState>>;
  /** `8-4-4-4-12` lower-case hex digits. */
  readUuid(): Promise<Result<string>>;
  /**
   * The boot override in the inactive definition, or in the one that the running domain was started with.
   * `noDefinition`: a transient domain has no inactive definition, and a domain that is off has no live one.
   */
  readOverride(which: 'config' | 'live'): Promise<Result<FoundOverride>>;
  /** Writes the boot override into the running domain's metadata; the inactive definition stays as it is. */
  noteLiveOverride(override: OverrideSummary): Promise<VirshResult>;
  /** Sends commands to the running domain's QEMU monitor, all with one virsh. A QEMU that hangs does not delay it for long. */
  monitor(commands: readonly MonitorCommand[]): Promise<Result<readonly MonitorReply[]>>;
}

/** Addresses the domain, which takes virsh calls for ambiguous names only; see `addressDomain` for `knownUuid`. */
export async function connectDomain(
  virsh: Virsh,
  domainName: string,
  signal?: AbortSignal,
  knownUuid?: string,
): Promise<Result<DomainConnection>> {
  const addressed = await addressDomain(virsh, domainName, signal, knownUuid);
  if (!addressed.ok) return addressed;
  const options = signal && { signal };
  const run = (verb: string, ...args: readonly string[]): Promise<VirshResult> =>
    virsh(verb, ['--domain', addressed.address, ...args], options);

  let definitionsWritten = 0;

  return succeeded({
    domainName,
    address: addressed.address,
    run,
    get definitionsWritten() {
      return definitionsWritten;
    },
    async define(inheritFd) {
      const defined = await virsh('define', ['--file', INHERITED_FILE], { ...options, inheritFd });
      if (defined.ok) definitionsWritten += 1;
      return defined;
    },

    async readState() {
      const args = ['--domain', addressed.address, '--reason'];
      const printed = await virsh('domstate', args, { ...options, besideStart: allStates });
      if (printed.ran !== undefined) {
        const { stateAmongAll } = await import('./state-among-all.ts');
        const found = stateAmongAll(printed, domainName);
        return typeof found === 'string' ? succeeded(found) : failed(found);
      }
      if (!printed.ok) return failed(printed.failure);
      const state = parseDomainState(printed.stdout);
      if (state !== undefined) return succeeded(state);
      return failed(domainFailure('virshFailed', 'virsh domstate printed no state that libvirt knows'));
    },

    async readUuid() {
      // `virsh domuuid` takes a name or an id, but no UUID.
      const printed = addressed.uuid === undefined ? await run('domuuid') : undefined;
      if (printed?.ok === false) return failed(printed.failure);
      const uuid = (addressed.uuid ?? printed?.stdout ?? '').trim().toLowerCase();
      if (isUuid(uuid)) return succeeded(uuid);
      return failed(domainFailure('virshFailed', 'virsh domuuid printed no UUID'));
    },

    async readOverride(which) {
      const printed = await run('metadata', '--uri', OVERRIDE_NAMESPACE, `--${which}`);
      if (printed.ok) return succeeded(parseOverrideSummary(printed.stdout) ?? 'none');
      if (noMetadata.test(printed.stderr)) return succeeded('none' as const);
      const lacksDefinition =
        noInactiveDefinition.test(printed.stderr) || noLiveDefinition.test(printed.stderr);
      if (lacksDefinition) return succeeded('noDefinition' as const);
      return failed(printed.failure);
    },

    noteLiveOverride: (override) =>
      run('metadata', '--uri', OVERRIDE_NAMESPACE, '--live', '--key', 'vbmc', '--set', liveElement(override)),

    async monitor(commands) {
      const script = monitorScript(addressed.address, commands);
      const late = AbortSignal.timeout(MONITOR_DEADLINE_MS);
      const either = signal === undefined ? late : AbortSignal.any([late, signal]);
      const printed = await virsh('qemu-monitor-command', [], { script, signal: either });
      if (!printed.ok && late.aborted && signal?.aborted !== true)
        return failed(domainFailure('deadlineExceeded', 'QEMU does not answer its monitor'));
      if (!printed.ok) return failed(printed.failure);
      const replies = readReplies(printed.stdout, commands.length);
      if (replies !== undefined) return succeeded(replies);
      return failed(
        domainFailure('virshFailed', 'virsh qemu-monitor-command did not print a reply to each command'),
      );
    },
  });
}

/** The same domain, and `ended` is told of each command that `run` has carried out. */
export function observingRuns(
  domain: DomainConnection,
  ended: (verb: string, ran: VirshResult) => void,
): DomainConnection {
  return {
    ...domain,
    run: async (verb, ...args) => {
      const ran = await domain.run(verb, ...args);
      ended(verb, ran);
      return ran;
    },
  };
}
