import {
  copyKey,
  forgetHostKey,
  learnHostKey,
  makeKey,
  tryVirsh,
  type SshUser,
} from '#supervisor/virsh/ssh-lines.ts';

const service: SshUser = { name: 'vbmc', home: '/var/lib/vbmc', isOwn: false };
const own: SshUser = { name: 'stack', home: '/home/stack', isOwn: true };
const URI = 'qemu+ssh://bmc@hv1.example.org:2222/system';

test('for the user of the service, by sudo', () => {
  expect(makeKey(service)).toBe(
    "sudo -H -u vbmc ssh-keygen -t ed25519 -N '' -f /var/lib/vbmc/.ssh/id_ed25519",
  );
  expect(learnHostKey(service, URI)).toBe(
    'ssh-keyscan -p 2222 hv1.example.org | sudo -H -u vbmc tee -a /var/lib/vbmc/.ssh/known_hosts | ssh-keygen -lf -',
  );
  expect(forgetHostKey(service, URI)).toBe(
    "sudo -H -u vbmc ssh-keygen -R '[hv1.example.org]:2222' -f /var/lib/vbmc/.ssh/known_hosts",
  );
  expect(copyKey(service, URI)).toBe(
    'sudo -H -u vbmc ssh-copy-id -i /var/lib/vbmc/.ssh/id_ed25519.pub -o BatchMode=no -p 2222 bmc@hv1.example.org',
  );
  expect(tryVirsh(service, `${URI}?a=b&c=d`)).toBe(`sudo -H -u vbmc virsh -c '${URI}?a=b&c=d' hostname`);
});

test('for whoever asks, without; for the usual port and an IPv6 address', () => {
  const uri = 'qemu+ssh://[2001:db8::1]/system';
  expect(makeKey(own)).toBe("ssh-keygen -t ed25519 -N '' -f /home/stack/.ssh/id_ed25519");
  expect(learnHostKey(own, uri)).toBe(
    'ssh-keyscan 2001:db8::1 | tee -a /home/stack/.ssh/known_hosts | ssh-keygen -lf -',
  );
  expect(forgetHostKey(own, uri)).toBe('ssh-keygen -R 2001:db8::1 -f /home/stack/.ssh/known_hosts');
  expect(copyKey(own, uri)).toBe(
    'ssh-copy-id -i /home/stack/.ssh/id_ed25519.pub -o BatchMode=no 2001:db8::1',
  );
});

test('what a URI holds cannot become a word of the shell', () => {
  const hostile = 'qemu+ssh://$(id)@h;reboot/system';
  for (const line of [learnHostKey, forgetHostKey, copyKey].map((make) => make(own, hostile))) {
    expect(line).toMatch(/'[^']*(\$\(id\)|;reboot)[^']*'/);
    expect(line.replaceAll(/'[^']*'/g, '')).not.toMatch(/[$;]/);
  }
});
