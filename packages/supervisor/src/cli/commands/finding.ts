/** The findings of `vbmc doctor`. */
import type { FailedAnswer } from '../../virsh/virsh-query.ts';

export interface Finding {
  readonly severity: 'ok' | 'warning' | 'error';
  /** `virsh`, a connection URI, `[node-0]`. */
  readonly subject: string;
  readonly message: string;
  /** Absent when nothing is wrong. */
  readonly remedy?: string;
}

const POLKIT_RULE = '/usr/share/polkit-1/rules.d/60-vbmc.rules';

/** The remedy for a connection URI that does not answer. virsh reports the cause as text only. */
export function connectionRemedy(
  connectionUri: string,
  { kind, reason }: FailedAnswer,
  user: string,
): string {
  if (kind === 'timedOut') return 'check whether libvirtd hangs, or whether a firewall drops the connection';
  if (/transport in URL not recognised|no connection driver available/i.test(reason)) {
    return 'correct libvirt_uri: its form is DRIVER+TRANSPORT://HOST/PATH, for example qemu+ssh://HOST/system';
  }
  if (/authenticat|polkit|Permission denied|access denied/i.test(reason)) {
    if (/^[^:]*\+ssh:/.test(connectionUri))
      return `give ${user} an ssh key that the other host accepts without a password, and try ssh by hand once`;
    return /authentication (failed|cancelled)(?!.*(polkit|policy))/i.test(reason)
      ? `correct libvirt_sasl_username and libvirt_sasl_password, and check the SASL mechanisms of the libvirt daemon (mech_list in /etc/sasl2/libvirt.conf)`
      : `allow org.libvirt.unix.manage in a polkit rule (the package has ${POLKIT_RULE} for user vbmc), or add ${user} to the group libvirt (usermod -aG libvirt ${user})`;
  }
  if (/certificate|TLS/i.test(reason)) {
    return `install the certificates of the CA and of this host where libvirt's TLS expects them (virt-pki-validate checks them)`;
  }
  if (/Host key verification/i.test(reason)) return `connect by ssh as ${user} once and accept the host key`;
  if (/No such file|Connection refused|Failed to connect socket/i.test(reason)) {
    return 'start libvirt (systemctl start libvirtd, or virtqemud.socket), or correct libvirt_uri';
  }
  return `try virsh -c ${forShell(connectionUri)} list as ${user}, and correct libvirt_uri`;
}

/** For people who paste it: the query of a URI has `&`. */
function forShell(word: string): string {
  return /^[\w:/.+@-]+$/.test(word) ? word : `'${word.replaceAll("'", String.raw`'\''`)}'`;
}

/** Why a UDP socket cannot be bound; `name` is Node's name of the error. */
export function bindFinding(subject: string, endpoint: string, port: number, name: string): Finding {
  switch (name) {
    case 'EADDRINUSE':
      return {
        severity: 'error',
        subject,
        message: `${endpoint}/udp is in use by another program`,
        remedy: `find it with ss -lunp 'sport = :${port}' (as root) and stop it, or choose another port`,
      };
    case 'EACCES':
    case 'EPERM':
      return {
        severity: 'error',
        subject,
        message: `port ${port} is below 1024, and this user may not bind it`,
        remedy:
          'give vbmcd CAP_NET_BIND_SERVICE (AmbientCapabilities= in its unit), or choose a port of at least 1024',
      };
    case 'EADDRNOTAVAIL':
      return {
        severity: 'error',
        subject,
        message: `${endpoint} is not an address of this machine`,
        remedy: 'add it to an interface (ip addr add; vbmcd waits for it), or correct address',
      };
    default:
      return {
        severity: 'error',
        subject,
        message: `${endpoint}/udp cannot be bound: ${name}`,
        remedy: 'correct address and port',
      };
  }
}
