/**
 * Which connections by ssh can be kept, and the URI that uses a kept one: `qemu+ssh://bmc@hv1/system` becomes
 * `qemu+unix:///system?socket=…`, where the socket is forwarded to libvirt's over there. Pure.
 */
import { readConnectionUri } from '../inventory/connection-uri.ts';

export interface KeepableUri {
  /** What ssh gets to reach the host, without a command: options, `--`, the host. */
  readonly sshArgs: readonly string[];
  /** For the `sh` of the other host: prints the path of libvirt's socket, see `socketPathIn`, and waits for the end of its input. */
  readonly remoteCommand: string;
  /** The URI by way of a socket of this host. */
  by(socketPath: string): string;
}

/** Parameters of libvirt's remote driver (libvirt.org/uri.html) whose meaning is kept. With any other, no connection is kept. */
const understood: ReadonlySet<string> = new Set([
  'keyfile',
  'no_verify',
  'no_tty',
  'socket',
  'mode',
  'proxy',
]);

/** What is safe in a shell's quotation marks, and in ssh's `-L`. */
const plainPath = /^\/[\w./@+-]*$/;

/** What the remote command prints before the path, so that a greeting of the other host is not taken for one. */
const ANSWER = 'vbmc-libvirt-socket ';

/** `undefined`: each virsh has to connect by itself. */
export function keepableUri(uri: string): KeepableUri | undefined {
  const [, driver, path] = /^([a-z]+)\+ssh:\/\/[^/?#]*(\/[\w-]*)(?:\?[^#]*)?$/i.exec(uri) ?? [];
  const { transport, host, port, user, parameters } = readConnectionUri(uri);
  if (driver === undefined || path === undefined || transport !== 'ssh' || !isPlainHost(host))
    return undefined;
  // libvirt takes the first one.
  const given = new Map([...parameters].reverse());
  given.delete('');
  if (![...given.keys()].every((name) => understood.has(name))) return undefined;
  const socket = given.get('socket');
  if (socket !== undefined && !plainPath.test(socket)) return undefined;
  const keyFile = given.get('keyfile');
  return {
    sshArgs: [
      ...(port === undefined ? [] : ['-p', port]),
      ...(user === undefined ? [] : ['-l', user]),
      ...(keyFile === undefined ? [] : ['-i', keyFile]),
      ...(given.get('no_verify') === '1' ? ['-o', 'StrictHostKeyChecking=no'] : []),
      ...['--', host],
    ],
    remoteCommand: remoteCommand(
      socket === undefined ? candidates(driver.toLowerCase(), path, given.get('mode')) : [socket],
    ),
    by: (socketPath) => `${driver}+unix://${path}?socket=${encodeURIComponent(socketPath)}`,
  };
}

/** ssh would take it for an option. */
function isPlainHost(host: string): boolean {
  return host !== '' && !host.startsWith('-');
}

/**
 * The sockets that libvirt's own helper on the other side looks for (virt-ssh-helper, src/remote/remote_sockets.c): of the driver's own
 * daemon, then of the daemon for all drivers. For `/session` those of the user, unless that is root.
 */
function candidates(driver: string, path: string, mode: string | undefined): readonly string[] {
  const names = [
    ...(mode === 'legacy' ? [] : [`virt${driver}d-sock`]),
    ...(mode === 'direct' ? [] : ['libvirt-sock']),
  ];
  const folders = path === '/session' ? ['$own/libvirt'] : ['/run/libvirt', '/var/run/libvirt'];
  return names.flatMap((name) => folders.map((folder) => `${folder}/${name}`));
}

function remoteCommand(paths: readonly string[]): string {
  const script = [
    // Where a session daemon has its socket (virGetUserRuntimeDirectory).
    'own=${XDG_RUNTIME_DIR:-${XDG_CACHE_HOME:-$HOME/.cache}}',
    'if test "$(id -u)" = 0; then own=/run; fi',
    `for s in ${paths.map((path) => `"${path}"`).join(' ')}`,
    `do if test -S "$s"; then echo "${ANSWER}$s"; exec cat > /dev/null; fi; done`,
    'echo no libvirt socket: "$own" >&2; exit 1',
  ].join('; ');
  return `sh -c '${script}'`;
}

/** The path in a line that the remote command has printed; `undefined`: another line. */
export function socketPathIn(line: string): string | undefined {
  const path = line.startsWith(ANSWER) ? line.slice(ANSWER.length).trimEnd() : '';
  return plainPath.test(path) ? path : undefined;
}
