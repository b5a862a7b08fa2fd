import { keepableUri, socketPathIn } from '#supervisor/kept-connections/keepable-uri.ts';

test('a URI by ssh becomes the command line of one ssh, and a URI by its socket', () => {
  const keepable = keepableUri(
    'qemu+ssh://bmc@hv1.example.org:2222/system?keyfile=/var/lib/vbmc/.ssh/key&no_verify=1',
  );
  expect(keepable?.sshArgs).toEqual([
    ...['-p', '2222', '-l', 'bmc', '-i', '/var/lib/vbmc/.ssh/key', '-o', 'StrictHostKeyChecking=no'],
    ...['--', 'hv1.example.org'],
  ]);
  expect(keepable?.by('/run/vbmc/kept/1')).toBe('qemu+unix:///system?socket=%2Frun%2Fvbmc%2Fkept%2F1');
  const order = keepable?.remoteCommand.match(/\/(virtqemud|libvirt)-sock/g);
  expect(order).toEqual(['/virtqemud-sock', '/virtqemud-sock', '/libvirt-sock', '/libvirt-sock']);
});

test.each([
  [
    'qemu+ssh://hv1/system?mode=legacy',
    'for s in "/run/libvirt/libvirt-sock" "/var/run/libvirt/libvirt-sock"; do',
  ],
  ['qemu+ssh://[fd00::1]/session?mode=direct', 'for s in "$own/libvirt/virtqemud-sock"; do'],
  ['xen+ssh://hv1/system?socket=/srv/libvirt-sock', 'for s in "/srv/libvirt-sock"; do'],
])('%s looks for the socket that libvirt would take', (uri, loop) => {
  expect(keepableUri(uri)?.remoteCommand).toContain(loop);
});

test('its command ends at no quotation mark of its own', () => {
  const command = keepableUri('qemu+ssh://hv1/session')?.remoteCommand ?? '';
  expect(command).toMatch(/^sh -c '[^']*'$/);
});

test.each([
  ['within this host', 'qemu:///system'],
  ['by TLS', 'qemu+tls://hv1/system'],
  ['by libssh2', 'qemu+libssh2://hv1/system?keyfile=/k'],
  ['a program in the place of ssh', 'qemu+ssh://hv1/system?command=/usr/local/bin/ssh'],
  ['a program on the other host', 'qemu+ssh://hv1/system?netcat=/usr/local/bin/nc'],
  ['a URI for the other host', 'qemu+ssh://hv1/system?name=qemu:///session'],
  ['a host that is an option', 'qemu+ssh://-oProxyCommand=id/system'],
  ['a socket that a shell would read', 'qemu+ssh://hv1/system?socket=/run/$(id)'],
  ['a path that libvirt does not know', 'esx+ssh://hv1/?auto'],
])('no connection is kept: %s', (_why, uri) => {
  expect(keepableUri(uri)).toBeUndefined();
});

test.each([
  ['vbmc-libvirt-socket /run/libvirt/libvirt-sock', '/run/libvirt/libvirt-sock'],
  ['vbmc-libvirt-socket /run/user/1000/libvirt/libvirt-sock\r', '/run/user/1000/libvirt/libvirt-sock'],
  ['Welcome to hv1', undefined],
  ['vbmc-libvirt-socket relative', undefined],
  ['vbmc-libvirt-socket /run/a:b', undefined],
])('the line %j names the socket %p', (line, path) => {
  expect(socketPathIn(line)).toBe(path);
});
