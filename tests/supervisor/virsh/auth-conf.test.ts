import { renderAuthConf } from '#supervisor/virsh/auth-conf.ts';
import { Secret } from '#supervisor/inventory/secret.ts';

const credentials = { username: 'fred', password: new Secret(' p=w;#"x ') };

test('credentials for the host of the URI, and for any other name that libvirt uses for it', () => {
  expect(renderAuthConf('qemu+tcp://hv1.example.org:16509/system', credentials)).toBe(
    [
      '[credentials-bmc]',
      'authname=fred',
      'password= p=w;#"x ',
      '',
      '[auth-libvirt-hv1.example.org]',
      'credentials=bmc',
      '',
      '[auth-libvirt-default]',
      'credentials=bmc',
      '',
    ].join('\n'),
  );
});

test.each([
  ['qemu+tls://root@hv1/system', 'hv1'],
  ['qemu+tcp://[2001:db8::1]:16509/system', '2001:db8::1'],
  ['qemu+tcp://192.0.2.1/system?no_verify=1', '192.0.2.1'],
])('host of %s', (uri, host) => {
  expect(renderAuthConf(uri, credentials)).toContain(`[auth-libvirt-${host}]`);
});

test.each(['qemu:///system', 'an-alias', 'qemu+tcp://default/', 'qemu+tcp://höst/'])(
  '%s: the default group only',
  (uri) => {
    expect(renderAuthConf(uri, credentials).match(/\[auth-.*\]/g)).toEqual(['[auth-libvirt-default]']);
  },
);
