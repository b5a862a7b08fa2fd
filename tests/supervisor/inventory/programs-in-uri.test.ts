import { programProblem } from '#supervisor/inventory/programs-in-uri.ts';

test.each([
  ['qemu+ext:///system?command=/tmp/x', 'the transport +ext starts a program'],
  ['qemu+EXT:///system', 'the transport +EXT starts a program'],
  ['qemu+ssh://h/system?command=/tmp/x', 'the parameter command names a program'],
  ['qemu+ssh://h/system?no_tty=1&Command=/tmp/x', 'the parameter command'],
  ['qemu+ssh://h/system?no_tty=1;command=/tmp/x', 'the parameter command'],
  ['qemu+ssh://h/system?comm%61nd=/tmp/x', 'the parameter command'],
  ['qemu+ssh://h/system?netcat=/tmp/x', 'the parameter netcat'],
  ['qemu+libssh2://h/system?%6eetcat=/tmp/x', 'the parameter netcat'],
  ['qemu+unix:///system?socket=/tmp/s', 'the parameter socket'],
  ['qemu:///system?socket=/tmp/s', 'the parameter socket'],
  ['qemu+ssh://-oProxyCommand=x/system', 'begins with -'],
  ['qemu+ssh://u@%2doProxyCommand=x/system', 'begins with -'],
  ['qemu:///embed?root=/tmp/x', 'the path /embed'],
  ['qemu:/embed?root=/tmp/x', 'the path /embed'],
  ['secret:///%65mbed', 'the path /embed'],
  ['qemu:///system?ROOT=/tmp/x', 'the parameter root'],
  ['qemu+ssh://h/system?name=qemu:///embed', 'the path /embed'],
  ['qemu+ssh://h/system?name=qemu%2Bext:///system%3Fcommand=/tmp/x', 'the transport +ext'],
])('%s is more than the address of a libvirt', (uri, message) => {
  expect(programProblem(uri)?.message).toContain(message);
});

test.each([
  'qemu:///system',
  'qemu+ssh://u@h-1.example.org:2222/system?no_tty=1&keyfile=/root/.ssh/id&sshauth=agent',
  'qemu+libssh://h/system?known_hosts=/root/.ssh/known_hosts&proxy=native&mode=direct',
  'qemu+tls://h/system?pkipath=/etc/pki/libvirt&no_verify=1#command=x',
  'qemu+tcp://[2001:db8::1]/system',
  'qemu+ssh://h/system?name=qemu:///session',
  'test:///default',
  'an-alias',
])('%s is the address of a libvirt', (uri) => {
  expect(programProblem(uri)).toBeUndefined();
});
