/** The findings of `vbmc doctor`. */
import { connectionTrouble, remedyOfTrouble, type ConnectionTrouble } from '@vbmc/bmc-worker/libvirt';
import {
  copyKey,
  forgetHostKey,
  keyPath,
  learnHostKey,
  makeKey,
  tryVirsh,
  type SshUser,
} from '../../virsh/ssh-lines.ts';
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
  user: SshUser,
): string {
  const trouble = connectionTrouble(reason, connectionUri);
  if (trouble !== undefined) return remedies[trouble]?.(user, connectionUri) ?? remedyOfTrouble(trouble);
  if (kind === 'timedOut') return 'check whether libvirtd hangs, or whether a firewall drops the connection';
  if (/transport in URL not recognised|no connection driver available/i.test(reason)) {
    return 'correct libvirt_uri: its form is DRIVER+TRANSPORT://HOST/PATH, for example qemu+ssh://HOST/system';
  }
  if (/authenticat|polkit|Permission denied|access denied/i.test(reason)) {
    return `allow org.libvirt.unix.manage in a polkit rule (the package has ${POLKIT_RULE} for user vbmc), or add ${user.name} to the group libvirt (usermod -aG libvirt ${user.name})`;
  }
  if (/certificate|TLS/i.test(reason)) return CERTIFICATES;
  if (/No such file|Connection refused|Failed to connect socket/i.test(reason)) {
    return 'start libvirt (systemctl start libvirtd, or virtqemud.socket), or correct libvirt_uri';
  }
  return `try ${tryVirsh(user, connectionUri)}, and correct libvirt_uri`;
}

const CERTIFICATES = `install the certificates of the CA and of this host where libvirt's TLS expects them (virt-pki-validate checks them)`;

type Remedy = (user: SshUser, connectionUri: string) => string;

/** With command lines to paste; for the other troubles a clause says it all. */
const remedies: Readonly<Partial<Record<ConnectionTrouble, Remedy>>> = {
  hostKeyUnknown: (user, uri) =>
    `${learnHostKey(user, uri)}   # and compare the fingerprints with those of ssh-keygen -lf /etc/ssh/ssh_host_ed25519_key.pub there`,
  hostKeyChanged: (user, uri) =>
    `if the other host has new keys: ${forgetHostKey(user, uri)} && ${learnHostKey(user, uri)}`,
  keyRefused: (user, uri) =>
    `let the other host accept a key without a passphrase: ${copyKey(user, uri)}   # asks for a password there; if there is no key yet, first ${makeKey(user)}`,
  keyUnreadable: (user) =>
    `give ${user.name} a copy of the key: sudo install -m 600 -o ${user.name} FILE ${keyPath(user)}, and name that as keyfile in libvirt_uri or leave keyfile out`,
  caMissing: () => CERTIFICATES,
  saslRefused: () =>
    'correct libvirt_sasl_username and libvirt_sasl_password, and check the SASL mechanisms of the libvirt daemon (mech_list in /etc/sasl2/libvirt.conf)',
  saslNotEncrypted: () =>
    'use qemu+tls, because this SASL mechanism does not encrypt, or one that does (mech_list in /etc/sasl2/libvirt.conf)',
};

/** A BMC whose `address` is a host name does not answer, or not as it should; `reason` says why. */
export function hostNameFinding(
  severity: 'warning' | 'error',
  subject: string,
  hostName: string,
  reason: string,
): Finding {
  const remedy = `getent ahosts ${hostName} shows what the name means on this host; correct the name, /etc/hosts or the DNS: vbmcd looks again by itself`;
  return { severity, subject, message: reason, remedy };
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
