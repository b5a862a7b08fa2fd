import { foreignUriProblem } from '#supervisor/inventory/foreign-uri.ts';

// The forms of tripleo-quickstart, metal3-dev-env, ci-framework, infrared, dev-scripts, devstack and VirtualBMC's own pages.
test.each([
  'qemu:///system',
  'qemu:///session',
  'qemu+unix:///system?mode=direct',
  'qemu+ssh://root@192.0.2.1/system?&keyfile=/root/.ssh/id_rsa_virt_power&no_verify=1&no_tty=1',
  'qemu+ssh://stack@[2001:db8::1]/session?socket=/run/user/1000/libvirt/libvirt-sock&keyfile=/root/ssh/id&no_verify=1&no_tty=1',
  'qemu+ssh://stack@hv-1.example.org:2222/system?no_verify=1&no_tty=1',
  'qemu+ssh://h/system?proxy=native&mode=legacy',
  'qemu+libssh://u@h/system?known_hosts_verify=auto&sshauth=privkey,agent&keyfile=/k',
  'qemu+libssh2://u@h/system?proxy=netcat',
  'qemu+tls://h/system?no_verify=1',
  'qemu://h/session',
  'qemu+tcp://h/system',
  'test:///default',
  'test+unix:///default',
  'test+tcp://localhost:5000/default',
])('a file of another user may ask for %s', (uri) => {
  expect(foreignUriProblem(uri)).toBeUndefined();
});

test.each([
  ['qemu:///embed?root=/home/eve/root', 'the path /embed'],
  ['qemu:/embed?root=/home/eve/root', 'the path /embed'],
  ['qemu:///%65mbed?r%6fot=/home/eve/root', 'the path /embed'],
  ['qemu:///system?root=/home/eve', 'the parameter root'],
  ['qemu+ext:///system?command=/tmp/x', 'the transport +ext'],
  ['qemu+ssh://h/system?command=/tmp/x', 'the parameter command'],
  ['qemu+ssh://h/system?netcat=/tmp/x', 'the parameter netcat'],
  ['qemu+unix:///system?socket=/tmp/s', 'the parameter socket'],
  ['qemu:///system?socket=/tmp/s', 'the parameter socket'],
  ['qemu+ssh:///system?socket=/tmp/s', 'the parameter socket'],
  ['qemu+ssh://h/system?name=qemu%2Bext:///system%3Fcommand=/tmp/x', 'the transport +ext'],
  ['qemu+ssh://-oProxyCommand=x/system', 'begins with -'],
  // libssh writes into the file that it names.
  ['qemu+libssh://h/system?known_hosts=/var/lib/vbmc/users.json&known_hosts_verify=auto', 'only keyfile'],
  ['qemu+tls://h/system?pkipath=/home/eve/pki', 'only no_verify'],
  ['qemu+tls://h/system?tls_priority=NULL', 'only no_verify'],
  ['qemu+tcp://h/system?no_verify=1', 'no parameter'],
  ['qemu+ssh://h/system?name=qemu:///system', 'only keyfile'],
  ['qemu+ssh://h/system?later=1', 'only keyfile'],
  ['qemu+ssh://h/system?keyfile', 'only keyfile'],
  // ssh replaces these in the path, by environment variables too.
  ['qemu+ssh://h/system?keyfile=/x/${SECRET}', 'only keyfile'],
  ['qemu+ssh://h/system?keyfile=/x/%25u', 'only keyfile'],
  ['qemu+ssh://h/system?socket=/tmp/$(id)', 'the parameter socket'],
  ['qemu+ssh://h/system?mode=direct;no_tty=1', 'only keyfile'],
  ['qemu+ssh://h/system#x', 'only qemu'],
  ['qemu+ssh://$(id)@h/system', 'only qemu'],
  ['qemu+ssh://`id`/system', 'only qemu'],
  ['test:///home/eve/hypervisor.xml', 'only qemu'],
  ['test:///etc/shadow', 'only qemu'],
  ['secret:///embed', 'the path /embed'],
  ['vmwarews:///session', 'only qemu'],
  ['esx://h/?no_verify=1', 'only qemu'],
  ['vbox:///session', 'only qemu'],
  ['QEMU:///system', 'only qemu'],
  ['qemu:///system\n?socket=/x', 'the parameter socket'],
  ['an-alias', 'only qemu'],
  ['', 'only qemu'],
])('a file of another user must not ask for %j', (uri, message) => {
  expect(foreignUriProblem(uri)?.message).toContain(message);
});
