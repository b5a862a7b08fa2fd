/** Why a console has ended, from how its processes did. Pure. */
import type { DomainFailure, DomainFailureKind } from '../core/terms/domain-action.ts';
import { virshFailure } from '../libvirt/virsh-error.ts';
import type { ConsoleEnd } from './console-stream.ts';

export interface EndedConsole {
  readonly reason: ConsoleEnd;
  /** One printable line, or empty. */
  readonly text: string;
}

/**
 * libvirt's messages under LC_ALL=C (src/qemu/qemu_driver.c `qemuDomainOpenConsole`, src/conf/virchrdev.c, src/libvirt-stream.c). The
 * client whose console is taken away with `--force` learns no more than that its stream has ended.
 */
const endByMessage: readonly (readonly [RegExp, ConsoleEnd, string?])[] = [
  [/domain is not running/i, 'domainOff'],
  [/Active console session exists/i, 'taken', 'another client of libvirt has it open'],
  [
    /is not using a PTY|cannot find (character|console|default) .*device/i,
    'noConsole',
    "add <serial type='pty'/> to the devices of the domain's definition",
  ],
  [/stream had I\/O failure/i, 'stolen', 'another client of libvirt has taken it over'],
];

const endByFailure: Partial<Record<DomainFailureKind, ConsoleEnd>> = {
  permissionDenied: 'denied',
  hypervisorUnreachable: 'libvirtGone',
  connectionLost: 'libvirtGone',
  deadlineExceeded: 'libvirtGone',
  // A transient domain that is off is none.
  domainNotFound: 'domainOff',
};

/** virsh prints this, and then stays for ever. */
export const hasLostConnection = /Disconnected from/;

/** For a failure before virsh is started. */
export function endOfFailure({ kind, message }: DomainFailure): EndedConsole {
  return { reason: endByFailure[kind] ?? 'failed', text: message };
}

export interface ConsoleExit {
  /** What virsh and the programs before it wrote. */
  readonly stderr: string;
  readonly exitCode: number | undefined;
  readonly signal: string | undefined;
  readonly hasOpened: boolean;
  /** The escape byte was typed: virsh may have taken it for one. */
  readonly hasTypedEscape: boolean;
}

export function endOfExit(exit: ConsoleExit, connectionUri: string): EndedConsole {
  const { stderr, exitCode, signal, hasOpened, hasTypedEscape } = exit;
  if (exitCode === 127 && /\bscript: .*not found/.test(stderr)) {
    const remedy = 'install bsdutils (Debian), util-linux-script or util-linux (Fedora)';
    return { reason: 'failed', text: `there is no program script: ${remedy}` };
  }
  if (signal !== undefined) return { reason: 'failed', text: `script ended by ${signal}` };
  if (stderr.trim() === '' && exitCode === 0 && hasOpened)
    return hasTypedEscape
      ? {
          reason: 'failed',
          text: 'virsh console has ended: the domain is off, or virsh took a byte FFh for its escape',
        }
      : { reason: 'domainOff', text: 'the domain has stopped' };
  const failure = virshFailure(
    { name: 'virsh console', connectionUri },
    { stderr, exitCode: exitCode ?? -1 },
  );
  const known = endByMessage.find(([pattern]) => pattern.test(stderr));
  if (known === undefined) return endOfFailure(failure);
  const [, reason, remedy] = known;
  return { reason, text: remedy === undefined ? failure.message : `${failure.message} (${remedy})` };
}
