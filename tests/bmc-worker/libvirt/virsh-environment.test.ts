import { virshEnvironment } from '#worker/libvirt/virsh-environment.ts';

test('virsh gets what libvirt, ssh and Kerberos need', () => {
  const needed = {
    PATH: '/bin',
    HOME: '/home/vbmc',
    XDG_RUNTIME_DIR: '/run/user/1',
    LIBVIRT_AUTOSTART: '0',
    LIBVIRT_AUTH_FILE: '/etc/auth.conf',
    SSH_AUTH_SOCK: '/run/agent',
    KRB5CCNAME: 'KCM:',
  };
  expect(virshEnvironment(needed)).toEqual({ ...needed, LC_ALL: 'C' });
});

test('virsh gets nothing that changes its messages, makes ssh ask on a screen, or is secret', () => {
  const environment = {
    LANG: 'de_DE.UTF-8',
    LC_ALL: 'de_DE.UTF-8',
    LIBVIRT_DEBUG: '1',
    LIBVIRT_LOG_OUTPUTS: '1:stderr',
    VIRSH_DEBUG: '0',
    DISPLAY: ':0',
    SSH_ASKPASS: '/usr/bin/ssh-askpass',
    PASSWORD: 'secret',
  };
  expect(virshEnvironment(environment)).toEqual({ LC_ALL: 'C' });
});
