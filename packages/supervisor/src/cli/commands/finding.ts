/** The findings of `vbmc doctor`. */
import type { FailedAnswer } from '../../virsh/virsh-query.ts';

export interface Finding {
  readonly severity: 'ok' | 'warning' | 'error';
  /** What it is about: `virsh`, a connection URI, `[node-0]`. */
  readonly subject: string;
  readonly message: string;
  /** What to do; present unless all is well. */
  readonly remedy?: string;
}

const POLKIT_RULE = '/usr/share/polkit-1/rules.d/60-vbmc.rules';

/** What helps when a connection URI does not answer. virsh reports the cause as text only. */
export function connectionRemedy(
  connectionUri: string,
  { kind, reason }: FailedAnswer,
  user: string,
): string {
  if (kind === 'timedOut') return 'check whether libvirtd hangs, or whether a firewall drops the connection';
  if (/authenticat|polkit|Permission denied|access denied/i.test(reason)) {
    return /^[^:]*\+ssh:/.test(connectionUri)
      ? `give ${user} a key that the other host accepts without asking, and try ssh by hand once`
      : `allow org.libvirt.unix.manage by a polkit rule (the package has ${POLKIT_RULE} for user vbmc), or add ${user} to the group libvirt (usermod -aG libvirt ${user})`;
  }
  if (/certificate|TLS/i.test(reason)) {
    return `install the CA's and this host's certificates as libvirt's TLS wants them (virt-pki-validate tells)`;
  }
  if (/Host key verification/i.test(reason)) return `connect by ssh as ${user} once and accept the host key`;
  if (/No such file|Connection refused|Failed to connect socket/i.test(reason)) {
    return 'start libvirt (systemctl start libvirtd, or virtqemud.socket), or correct libvirt_uri';
  }
  return `try virsh -c ${connectionUri} list as ${user}, and correct libvirt_uri`;
}

/** Why a UDP socket cannot be bound; `name` is Node's. */
export function bindFinding(subject: string, endpoint: string, port: number, name: string): Finding {
  switch (name) {
    case 'EADDRINUSE':
      return {
        severity: 'error',
        subject,
        message: `${endpoint}/udp is in use by another program`,
        remedy: `ss -lunp 'sport = :${port}' names it (as root): stop it, or choose another port`,
      };
    case 'EACCES':
    case 'EPERM':
      return {
        severity: 'error',
        subject,
        message: `port ${port} is below 1024, and this user may not bind it`,
        remedy:
          'give vbmcd CAP_NET_BIND_SERVICE (AmbientCapabilities= in its unit), or choose a port from 1024 on',
      };
    case 'EADDRNOTAVAIL':
      return {
        severity: 'error',
        subject,
        message: `${endpoint} is not an address of this machine`,
        remedy: 'add it to an interface (ip addr add), or correct address; vbmcd waits for it',
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
