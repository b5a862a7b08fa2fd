import { classifyVirshError, quoteVirshError, virshFailure } from '#worker/libvirt/virsh-error.ts';

const CONNECT = 'error: failed to connect to the hypervisor\n';

// Messages of libvirt 9.0.0; those marked with a version are the wording of others.
test.each([
  ["error: failed to get domain 'x'", 'domainNotFound'],
  [
    "error: failed to get domain 'x'\nerror: Domain not found: no domain with matching name 'x'",
    'domainNotFound',
  ],
  [
    "error: Domain not found: no domain with matching uuid '3e3fce45-4f53-4fa7-bb32-11f34168b82b' (x)",
    'domainNotFound',
  ],
  [
    `${CONNECT}error: Failed to connect socket to '/var/run/libvirt/libvirt-sock': No such file or directory`,
    'hypervisorUnreachable',
  ],
  [
    `${CONNECT}error: Failed to connect socket to '/var/run/libvirt/libvirt-sock': Connection refused`,
    'hypervisorUnreachable',
  ],
  [
    `${CONNECT}error: unable to connect to server at '127.0.0.1:16509': Connection refused`,
    'hypervisorUnreachable',
  ],
  [
    `${CONNECT}error: Cannot recv data: ssh: connect to host h port 22: Connection refused: Connection reset by peer`,
    'hypervisorUnreachable',
  ],
  [
    `${CONNECT}error: Cannot read CA certificate '/etc/pki/CA/cacert.pem': No such file or directory`,
    'hypervisorUnreachable',
  ],
  [`${CONNECT}error: no connection driver available for bogus:///`, 'hypervisorUnreachable'],
  ['error: End of file while reading data: Input/output error', 'hypervisorUnreachable'],
  ['error: Disconnected from qemu:///system due to end of file', 'hypervisorUnreachable'],
  ['error: internal error: client socket is closed', 'hypervisorUnreachable'],
  [
    `${CONNECT}error: Failed to connect socket to '/var/run/libvirt/libvirt-sock': Permission denied`,
    'permissionDenied',
  ],
  [
    `${CONNECT}error: authentication unavailable: no polkit agent available to authenticate action 'org.libvirt.unix.manage'`,
    'permissionDenied',
  ],
  [`${CONNECT}error: authentication failed: authentication failed`, 'permissionDenied'],
  [`${CONNECT}error: authentication failed: Failed to start SASL negotiation: -4`, 'permissionDenied'],
  [`${CONNECT}error: authentication cancelled: user cancelled authentication process`, 'permissionDenied'],
  [
    `${CONNECT}error: Cannot recv data: u@h: Permission denied (publickey,password).: Connection reset by peer`,
    'permissionDenied',
  ],
  [
    "error: Failed to destroy domain 'x'\nerror: access denied: 'QEMU' denied access to 'destroy'",
    'permissionDenied',
  ],
  [
    "error: Failed to start domain 'x'\nerror: operation forbidden: read only access prevents virDomainCreate",
    'permissionDenied',
  ],
  [
    "error: Failed to reset domain 'x'\nerror: Requested operation is not valid: domain is not running",
    'invalidInPresentState',
  ],
  [
    "error: Failed to resume domain 'x'\nerror: Requested operation is not valid: domain is already running",
    'invalidInPresentState',
  ],
  ['error: Domain is already active', 'invalidInPresentState'],
  [
    "error: Domain 'x' could not be woken up\nerror: internal error: unable to execute QEMU command 'system_wakeup': Unable to wake up: guest is not in suspended state",
    'invalidInPresentState',
  ],
  [
    "error: Failed to destroy domain 'x'\nerror: Timed out during operation: cannot acquire state change lock (held by monitor=remoteDispatchDomainReset)",
    'deadlineExceeded',
  ],
  [
    "error: Failed to shutdown domain 'x'\nerror: argument unsupported: QEMU guest agent is not configured",
    'virshFailed',
  ],
  ["error: unknown command: 'frob'", 'virshFailed'],
  ['', 'virshFailed'],
  ['\u0000garbage', 'virshFailed'],
])('%j', (stderr, kind) => {
  expect(classifyVirshError(`${stderr}\n`)).toBe(kind);
});

test.each([
  ["access denied: 'QEMU' denied access to 'destroy'", /polkit rule/],
  ['authentication failed: polkit: Error checking for authorization', /polkit rule/],
  ['authentication failed: authentication failed', /libvirt_sasl_password/],
  ['authentication cancelled: user cancelled authentication process', /libvirt_sasl_password/],
])('the remedy names what has refused: %s', (what, remedy) => {
  const call = { name: 'virsh domstate', connectionUri: 'qemu:///system' };
  const { kind, message } = virshFailure(call, { stderr: `error: ${what}\n`, exitCode: 1 });
  expect(kind).toBe('permissionDenied');
  expect(message).toMatch(remedy);
  if (!remedy.test('polkit rule')) expect(message).not.toContain('polkit');
});

test('what is quoted is one bounded, printable line', () => {
  const quoted = quoteVirshError(`error: a\u001b[31mb\nerror: ${'c'.repeat(5_000)}\n`);
  expect(quoted).toMatch(/^a \[31mb; c+…$/);
  expect(quoted.length).toBeLessThanOrEqual(301);
});

test('a line of the definition is not quoted', () => {
  const stderr =
    "error: Failed to define domain from /dev/fd/3\nerror: (domain_definition):3: expected '>'\n" +
    "  <graphics type='vnc' passwd='topsecret'\n-----------------------------------------^\n";
  const quoted = quoteVirshError(stderr);
  expect(quoted).toContain('(domain_definition):3');
  expect(quoted).not.toContain('topsecret');
});
