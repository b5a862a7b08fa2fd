/**
 * The variables that `virsh` gets, and the workers too, because they start it. The list is the same for vbmcd, its
 * workers and the command line: `vbmc doctor` must find what vbmcd finds.
 *
 * Any process of the same user can read a process's environment, so the list holds paths and names, no secrets.
 *
 * Left out on purpose: LIBVIRT_DEBUG and LIBVIRT_LOG_* (they write to the stderr that we parse; the one call that wants
 * them sets them, see logged-domains.ts), LIBVIRT_DEFAULT_URI and VIRSH_* (every call names its connection), DISPLAY and
 * SSH_ASKPASS (ssh must fail rather than ask for a password on a screen), and the locale (libvirt's messages are
 * recognised untranslated).
 */
const passedOn = [
  'PATH',
  /** libvirt's configuration and certificates of the user, and ssh's `.ssh`. */
  'HOME',
  'XDG_CONFIG_HOME',
  'XDG_CACHE_HOME',
  /** Of the session daemon, which the first `virsh` starts. */
  'XDG_DATA_HOME',
  'XDG_STATE_HOME',
  /** Where the socket of a session daemon is. */
  'XDG_RUNTIME_DIR',
  /** `0`: a `virsh` that finds no session daemon does not start one. */
  'LIBVIRT_AUTOSTART',
  /** For BMCs without SASL credentials of their own in the inventory. */
  'LIBVIRT_AUTH_FILE',
  /** qemu+ssh with a key that an agent holds. */
  'SSH_AUTH_SOCK',
  /** SASL with GSSAPI, and ssh with Kerberos. */
  'KRB5CCNAME',
  'KRB5_CONFIG',
  'KRB5_CLIENT_KTNAME',
] as const;

/** The environment of a `virsh`, taken from that of the process that starts it. */
export function virshEnvironment(parentEnvironment: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const environment: NodeJS.ProcessEnv = { LC_ALL: 'C' };
  for (const name of passedOn) {
    if (parentEnvironment[name] !== undefined) environment[name] = parentEnvironment[name];
  }
  return environment;
}
