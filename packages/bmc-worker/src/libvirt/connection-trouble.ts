/**
 * What is wrong with a connection to libvirt on another host: recognised by what libvirt, ssh, GnuTLS and SASL write under LC_ALL=C.
 * ssh writes to virsh's standard error through libvirt, in several lines. Pure.
 */

/** The first match wins: what ssh says about one key comes before what it says in the end. */
const troubleByMessage = [
  /** Another machine answers there, or the other host has new keys. */
  [
    'hostKeyChanged',
    /REMOTE HOST IDENTIFICATION HAS CHANGED|SSH host key .*(changed|mismatch|does not match)/i,
  ],
  [
    'hostKeyUnknown',
    /Host key verification failed|No .* host key is known|SSH host key .* was not accepted/i,
  ],
  ['sshMissing', /Cannot find 'ssh' in path/i],
  /** libvirt drops its capabilities before it starts ssh; a sandbox without capset(2) forbids it. */
  ['sandboxed', /cannot apply process capabilities/i],
  ['keyUnreadable', /Identity file .* not accessible|Load key ".*":/i],
  [
    'keyRefused',
    /Permission denied \((publickey|password|keyboard|gssapi|hostbased)|Too many authentication failures|Waiting for password response/i,
  ],
  [
    'hostNameUnknown',
    /Could not resolve hostname|unable to resolve address|Name or service not known|name resolution/i,
  ],
  ['noRoute', /No route to host|Network is unreachable/i],
  ['noAnswer', /Connection timed out|Operation timed out|timed out during banner exchange/i],
  ['portClosed', /(connect to host .*|unable to connect to server at .*): Connection refused/i],
  /** sshd ends connections beyond its MaxStartups before it says anything. */
  ['sshdEnded', /(kex|ssh)_exchange_identification|Connection (closed|reset) by .* port/i],
  ['socketForbiddenThere', /(\bnc: |virt-ssh-helper|netcat).*Permission denied/i],
  [
    'noLibvirtThere',
    /unix connect failed|(\bnc: |netcat|virt-ssh-helper).*(not found|No such file|refused)/i,
  ],
  ['caMissing', /Cannot read CA certificate/i],
  [
    'certificateUnreadable',
    /(certificate|private key|key file).*(Permission denied|reading file|No such file)/i,
  ],
  [
    'serverNotTrusted',
    /verify peer's certificate|known issuer|does not match the hostname|certificate .*expired/i,
  ],
  ['certificateRefused', /read TLS confirmation|TLS handshake failed|verification \(of our certificate/i],
  ['saslMechanismMissing', /No worthy mechs|SASL\(-4\)|SASL negotiation: -4/i],
  ['saslNotEncrypted', /SSF \d+ was not strong enough/i],
  ['saslRefused', /authentication (failed|cancelled)(?!.*(polkit|policy))/i],
] as const satisfies readonly (readonly [string, RegExp])[];

export type ConnectionTrouble = (typeof troubleByMessage)[number][0];

/** libvirt passes on 1,024 characters of ssh; a virsh that prints megabytes must not keep the patterns busy. */
const READ_LENGTH = 8_192;

/** What libvirt says of a user who may not use its socket, on whichever host. */
const forbidden = /polkit|authentication unavailable|Failed to connect socket to .*: Permission denied/i;

/** `undefined`: none of these; it may be a connection within this host. */
export function connectionTrouble(stderr: string, connectionUri: string): ConnectionTrouble | undefined {
  const oneLine = stderr.slice(0, READ_LENGTH).replaceAll(/\s+/g, ' ');
  const found = troubleByMessage.find(([, pattern]) => pattern.test(oneLine))?.[0];
  const isBySsh = /^[^:]*\+(ssh|libssh2?):/i.test(connectionUri);
  return found ?? (isBySsh && forbidden.test(oneLine) ? 'socketForbiddenThere' : undefined);
}

/** In a clause, for the log and for `vbmc show`; `vbmc doctor` has command lines. */
const remedies: Readonly<Record<ConnectionTrouble, string>> = {
  hostKeyChanged: 'the host key is not the known one: compare it, then replace it as vbmc doctor says',
  hostKeyUnknown: 'the host key is not known: vbmc doctor has the command lines that add it',
  sshMissing: 'install the package openssh-client',
  sandboxed:
    'the sandbox of the service forbids ssh: add SystemCallFilter=capset to the unit of vbmcd, and CapabilityBoundingSet=CAP_SETPCAP if it runs as root',
  keyUnreadable: 'the user that vbmcd runs as cannot read this ssh key: give them one that they can',
  keyRefused:
    'the other host accepts no ssh key of the user that vbmcd runs as: vbmc doctor has the command lines',
  hostNameUnknown: 'correct the host in libvirt_uri, or the name service',
  noRoute: 'correct the host in libvirt_uri, or the routes of this host',
  noAnswer: 'check that the host runs, and that no firewall drops the connection',
  portClosed: 'start sshd or libvirtd there, or correct the port in libvirt_uri',
  sshdEnded: 'the sshd there has ended the connection: raise its MaxStartups, or look into its log',
  socketForbiddenThere: 'add the user in libvirt_uri to the group libvirt there',
  noLibvirtThere: 'start libvirtd there, and install its virt-ssh-helper or netcat-openbsd',
  caMissing: 'install the certificate of the CA for the user that vbmcd runs as',
  certificateUnreadable: 'let the user that vbmcd runs as read the client certificate and its key',
  serverNotTrusted: 'the certificate of the other host does not fit: check its CA, its names and its dates',
  certificateRefused:
    'the other host refuses our certificate: check that there is one here, and tls_allowed_dn_list and the CA there',
  saslMechanismMissing: 'install the package libsasl2-modules here, or check mech_list of the libvirt daemon',
  saslNotEncrypted: 'use qemu+tls, because this SASL mechanism does not encrypt',
  saslRefused:
    'check libvirt_sasl_username and libvirt_sasl_password, and the SASL mechanisms of the libvirt daemon',
};

export function remedyOfTrouble(trouble: ConnectionTrouble): string {
  return remedies[trouble];
}

/** One side does not accept the other, or cannot read what it has to show. Another attempt makes no sense before somebody has done something about it. */
const refusals: ReadonlySet<ConnectionTrouble> = new Set([
  'hostKeyChanged',
  'hostKeyUnknown',
  'keyUnreadable',
  'keyRefused',
  'socketForbiddenThere',
  'caMissing',
  'certificateUnreadable',
  'serverNotTrusted',
  'certificateRefused',
  'saslMechanismMissing',
  'saslNotEncrypted',
  'saslRefused',
]);

export function isRefusal(trouble: ConnectionTrouble): boolean {
  return refusals.has(trouble);
}

const LONGEST_LINE = 300;

/**
 * One printable line of what virsh wrote when it failed to connect. Without `failed to connect to the hypervisor`, which says
 * nothing, and without the frame of at signs that ssh draws.
 */
export function quoteConnectionError(stderr: string): string {
  const lines = stderr
    .slice(0, READ_LENGTH)
    .split(/[\r\n]+/)
    .map((line) =>
      line
        .replace(/^error: /, '')
        .replaceAll(/@{2,}|^@ +| +@$/g, '')
        .trim(),
    )
    .filter((line) => line !== '' && line !== 'failed to connect to the hypervisor');
  const text = lines.join(' ').replaceAll(/\p{Cc}+/gu, ' ');
  return text.length > LONGEST_LINE ? `${text.slice(0, LONGEST_LINE)}…` : text;
}
