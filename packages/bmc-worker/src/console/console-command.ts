/**
 * The command line of a console. `virsh console` wants a terminal: util-linux's `script` makes one, and passes the bytes between it
 * and pipes. Pure.
 */

export interface ConsoleCommand {
  readonly connectionUri: string;
  /** What goes after `--domain`; see domain-address.ts. */
  readonly address: string;
  readonly device?: string | undefined;
  readonly force: boolean;
  readonly libvirtAuthFile?: string | undefined;
}

/**
 * virsh ends when a read from its terminal begins with this byte, and there is no way to have none. FFh is in no UTF-8 text. Node
 * passes arguments as UTF-8, so the shell makes it.
 */
export const ESCAPE_BYTE = 0xff;

/**
 * In KiB of private memory, the stacks of threads included. Both keep what the other side does not take, without a limit of their own:
 * `script` what is typed at a guest that does not read, virsh what a guest prints while this process is stopped. The kernel's limit
 * ends them, and with them the console. Unused they have 0.9 and 9.4 MiB.
 */
const SCRIPT_LIMIT_KIB = 8_192;
const VIRSH_LIMIT_KIB = 32_768;

/**
 * - `stty raw -echo`: before it, the terminal echoes what is typed, and virsh throws it away when it makes the terminal raw itself.
 *   It fails if `script` has been killed meanwhile, and nothing is started then.
 * - `setsid`: virsh must have no controlling terminal. With one it asks for passwords on the console, or has polkit's agent write
 *   there. `-w`: without it, `script` would end at once.
 * - Twice `parentDeath`, for setsid and for virsh: virsh ignores SIGHUP and SIGTERM, and one that waits for libvirtd does not
 *   notice that its terminal has gone.
 * - Descriptor 3: what virsh says of errors must not mix with what the guest prints.
 * - Names and URIs are in the environment: any byte may be in them.
 */
function shellText(parentDeath: readonly string[]): string {
  const guarded = parentDeath.join(' ');
  const escape = `"$(printf '\\${ESCAPE_BYTE.toString(8)}')"`;
  return (
    `ulimit -S -d ${VIRSH_LIMIT_KIB} 2>/dev/null; stty raw -echo && ` +
    `exec ${guarded} setsid -w ${guarded} virsh -e ${escape} -c "$VBMC_URI" console --domain "$VBMC_DOMAIN" ` +
    '${VBMC_DEVICE:+--devname "$VBMC_DEVICE"} $VBMC_FORCE 2>&3 3>&-'
  );
}

/** A program and its arguments. `parentDeath`: the words of parent-death.ts. */
export function consoleWords(parentDeath: readonly string[]): readonly string[] {
  const script = `ulimit -S -d ${SCRIPT_LIMIT_KIB} 2>/dev/null; exec script -qfec "$0" /dev/null`;
  return [...parentDeath, 'sh', '-c', script, shellText(parentDeath)];
}

/** What the shell text reads; `script` reads SHELL. */
export function consoleEnvironment(command: ConsoleCommand): Readonly<Record<string, string>> {
  const { connectionUri, address, device, force, libvirtAuthFile } = command;
  return {
    SHELL: '/bin/sh',
    VBMC_URI: connectionUri,
    VBMC_DOMAIN: address,
    VBMC_DEVICE: device ?? '',
    VBMC_FORCE: force ? '--force' : '',
    ...(libvirtAuthFile !== undefined && { LIBVIRT_AUTH_FILE: libvirtAuthFile }),
  };
}
