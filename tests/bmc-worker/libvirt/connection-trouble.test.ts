/** The words are those of libvirt 9.0.0, OpenSSH 9.2, GnuTLS 3.7 and Cyrus SASL 2.1, as a real service met them. */
import {
  connectionTrouble,
  quoteConnectionError,
  remedyOfTrouble,
} from '#worker/libvirt/connection-trouble.ts';
import { virshFailure } from '#worker/libvirt/virsh-error.ts';

const CONNECT = 'error: failed to connect to the hypervisor\n';
const SSH = 'qemu+ssh://bmc@hv1/system';
const TLS = 'qemu+tls://hv1/system';

const CHANGED_KEY = `${CONNECT}error: Cannot recv data: @@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@\r
@    WARNING: REMOTE HOST IDENTIFICATION HAS CHANGED!     @\r
@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@\r
IT IS POSSIBLE THAT SOMEONE IS DOING SOMETHING NASTY!\r
`;

test.each([
  [
    'hostKeyUnknown',
    SSH,
    `${CONNECT}error: Cannot recv data: Host key verification failed.: Connection reset by peer`,
  ],
  ['hostKeyChanged', SSH, CHANGED_KEY],
  [
    'hostKeyUnknown',
    'qemu+libssh2://hv1/system',
    `Accept SSH host key with hash '6D:22' for host 'hv1:22' (y/n)?: ${CONNECT}error: SSH transport error: SSH host key for 'hv1' (6D:22) was not accepted`,
  ],
  ['sshMissing', SSH, `${CONNECT}error: Cannot find 'ssh' in path: No such file or directory`],
  [
    'sandboxed',
    SSH,
    `${CONNECT}error: Cannot recv data: libvirt:  error : internal error: cannot apply process capabilities -5: Connection reset by peer`,
  ],
  [
    'keyUnreadable',
    SSH,
    `${CONNECT}error: Cannot recv data: Warning: Identity file /root/.ssh/id not accessible: Permission denied.\nroot@hv1: Permission denied (publickey).: Connection reset by peer`,
  ],
  [
    'keyRefused',
    SSH,
    `${CONNECT}error: Cannot recv data: bmc@hv1: Permission denied (publickey,password).: Connection reset by peer`,
  ],
  [
    'keyRefused',
    SSH,
    `${CONNECT}error: Cannot recv data: Permission denied, please try again.\nReceived disconnect from 127.0.0.1 port 2222:2: Too many authentication failures\nDisconnected from 127.0.0.1 port 2222: Connection reset by peer`,
  ],
  [
    'keyRefused',
    'qemu+libssh2://root@hv1/system',
    `Enter root's password for hv1: ${CONNECT}error: authentication failed: authentication failed: Waiting for password response`,
  ],
  [
    'hostNameUnknown',
    SSH,
    `${CONNECT}error: Cannot recv data: ssh: Could not resolve hostname hv1: Temporary failure in name resolution: Connection reset by peer`,
  ],
  [
    'noRoute',
    SSH,
    `${CONNECT}error: Cannot recv data: ssh: connect to host hv1 port 22: Network is unreachable: Connection reset by peer`,
  ],
  [
    'noAnswer',
    SSH,
    `${CONNECT}error: Cannot recv data: ssh: connect to host hv1 port 22: Connection timed out: Connection reset by peer`,
  ],
  [
    'portClosed',
    SSH,
    `${CONNECT}error: Cannot recv data: ssh: connect to host hv1 port 22: Connection refused: Connection reset by peer`,
  ],
  ['portClosed', TLS, `${CONNECT}error: unable to connect to server at 'hv1:16514': Connection refused`],
  [
    'sshdEnded',
    SSH,
    `${CONNECT}error: Cannot recv data: kex_exchange_identification: Connection closed by remote host: Connection reset by peer`,
  ],
  [
    'noLibvirtThere',
    SSH,
    `${CONNECT}error: End of file while reading data: virt-ssh-helper: cannot connect to '/var/run/libvirt/libvirt-sock': Failed to connect socket to '/var/run/libvirt/libvirt-sock': No such file or directory: Input/output error`,
  ],
  [
    'socketForbiddenThere',
    SSH,
    `${CONNECT}error: End of file while reading data: virt-ssh-helper: cannot connect to '/var/run/libvirt/libvirt-sock': Failed to connect socket to '/var/run/libvirt/libvirt-sock': Permission denied: Input/output error`,
  ],
  [
    'socketForbiddenThere',
    SSH,
    `${CONNECT}error: authentication unavailable: no polkit agent available to authenticate action 'org.libvirt.unix.manage'`,
  ],
  [
    'caMissing',
    TLS,
    `${CONNECT}error: Cannot read CA certificate '/etc/pki/CA/cacert.pem': No such file or directory`,
  ],
  [
    'certificateUnreadable',
    TLS,
    `${CONNECT}error: Unable to set x509 key and certificate: /p/clientkey.pem, /p/clientcert.pem: Error while reading file.`,
  ],
  [
    'serverNotTrusted',
    TLS,
    `2026-11-28 16:56:20.783+0000: 3420: warning : virNetTLSContextCheckCertificate:1086 : Certificate check failed Certificate [session] owner does not match the hostname 127.0.0.2\n${CONNECT}error: authentication failed: Failed to verify peer's certificate`,
  ],
  ['certificateRefused', TLS, `${CONNECT}error: Unable to read TLS confirmation: Input/output error`],
  [
    'saslMechanismMissing',
    TLS,
    `${CONNECT}error: authentication failed: Failed to start SASL negotiation: -4 (SASL(-4): no mechanism available: No worthy mechs found)`,
  ],
  [
    'saslNotEncrypted',
    'qemu+tcp://hv1/system',
    `${CONNECT}error: authentication failed: negotiation SSF 0 was not strong enough`,
  ],
  ['saslRefused', TLS, `${CONNECT}error: authentication failed: authentication failed`],
] as const)('%s: %s', (trouble, uri, stderr) => {
  expect(connectionTrouble(stderr, uri)).toBe(trouble);
  const { message } = virshFailure({ name: 'virsh domstate', connectionUri: uri }, { stderr, exitCode: 1 });
  expect(message).toMatch(/^virsh domstate: failed to connect to the hypervisor: [^\n\r]+$/);
  expect(message.endsWith(`(${remedyOfTrouble(trouble)})`)).toBe(true);
});

test.each([
  [
    "error: authentication unavailable: no polkit agent available to authenticate action 'org.libvirt.unix.manage'",
    'polkit rule',
  ],
  ["error: Failed to connect socket to '/run/libvirt/libvirt-sock': Permission denied", 'polkit rule'],
  [
    "error: Failed to connect socket to '/run/libvirt/libvirt-sock': No such file or directory",
    'libvirt daemon runs',
  ],
])('within this host: %s', (line, remedy) => {
  const stderr = `${CONNECT}${line}\n`;
  expect(connectionTrouble(stderr, 'qemu:///system')).toBeUndefined();
  const call = { name: 'virsh domstate', connectionUri: 'qemu:///system' };
  expect(virshFailure(call, { stderr, exitCode: 1 }).message).toContain(remedy);
});

test('what is quoted is one bounded line without the frame that ssh draws', () => {
  const quoted = quoteConnectionError(CHANGED_KEY);
  expect(quoted).toMatch(
    /^Cannot recv data: WARNING: REMOTE HOST IDENTIFICATION HAS CHANGED! IT IS POSSIBLE/,
  );
  expect(quoteConnectionError(`${CONNECT}error: ${'x'.repeat(5_000)}`).length).toBeLessThan(310);
});

test.each([
  `${CONNECT}error: Cannot read CA certificate '/etc/vbmc/pki/cacert.pem': No such file or directory`,
  `${CONNECT}error: Unable to set x509 key and certificate: /p/clientkey.pem, /p/clientcert.pem: Error while reading file.`,
])('a certificate that cannot be read is not repaired by another attempt: %s', (stderr) => {
  const failure = virshFailure({ name: 'virsh domstate', connectionUri: TLS }, { stderr, exitCode: 1 });
  expect(failure.kind).toBe('permissionDenied');
});

test('a sandbox is opened for vbmcd as its own user, and as root', () => {
  expect(remedyOfTrouble('sandboxed')).toMatch(
    /SystemCallFilter=capset.*CapabilityBoundingSet=CAP_SETPCAP if/,
  );
});
