/**
 * BMCs of domains elsewhere, in the unit's sandbox: docs/hypervisors-elsewhere.md is followed line by line, and virsh says on the
 * other side what the domain does. The other host is an address of the lab with an sshd of its own.
 */
import { waitFor } from '#support/wait-for.ts';
import type { Report } from '../report.ts';
import { expectText } from './expect.ts';
import { answer, type BmcEndpoint } from './ipmi-client.ts';
import { domstate } from './libvirt-domains.ts';
import { readerOf } from './page-blocks.ts';
import { remoteRefusals } from './remote-refusals.ts';
import type { SystemdLab } from '#lab/systemd/systemd-lab.ts';

const PAGE = 'docs/hypervisors-elsewhere.md';
const HOST = 'hv1.example.org';
const ADDRESS = '127.0.0.21';
const PASSWORD_THERE = 'once-for-the-key';
const FILE = '/etc/vbmc/domains.d/elsewhere.ini';
/** The part `reload` has defined it. */
const DOMAIN = 'node-1';
const busyMachine = { timeoutMs: 180_000, intervalMs: 1_000 };
const LIBVIRTD = 'libvirtd.service libvirtd.socket libvirtd-ro.socket libvirtd-admin.socket';

const bySsh = { name: 'by-ssh', port: 6251, password: 's3cret' };
const byTls = { name: 'by-tls', port: 6252, password: 's3cret' };
const bySasl = { name: 'by-sasl', port: 6253, password: 's3cret' };
const byTcp = { name: 'by-tcp', port: 6254, password: 's3cret' };
const byLibssh2 = { name: 'by-libssh2', port: 6255, password: 's3cret' };

export async function remoteUris(lab: SystemdLab, report: Report): Promise<void> {
  const before = await lab.sh('cat /etc/vbmc/domains.ini');
  await startHost(lab);
  const reader = readerOf(lab, PAGE, PASSWORD_THERE);
  try {
    await ssh(lab, report, reader);
    await tls(lab, report, reader);
    await others(lab, report);
    await remoteRefusals(lab, report, HOST);
  } finally {
    await lab.write('/etc/vbmc/domains.ini', `${before}\n`);
    await lab.sh(`rm -f ${FILE}; vbmc reload --allow-removal`);
    await lab.sh(
      `sed -i '/^auth_t/d' /etc/libvirt/libvirtd.conf; systemctl stop ${LIBVIRTD} libvirtd-tls.socket libvirtd-tcp.socket; ` +
        `systemctl disable libvirtd-tls.socket; systemctl start ${LIBVIRTD}; systemctl stop sshd-hv1`,
    );
  }
}

/** An sshd as Debian configures it, on the usual port of another address. */
async function startHost(lab: SystemdLab): Promise<void> {
  await lab.sh(`echo '${ADDRESS} ${HOST}' >> /etc/hosts && mkdir -p /run/sshd`);
  await lab.sh(
    'systemd-run --unit=sshd-hv1 --quiet --property=RuntimeDirectory=sshd --property=RuntimeDirectoryPreserve=yes ' +
      `/usr/sbin/sshd -D -o ListenAddress=${ADDRESS} -o PidFile=none`,
  );
}

type Reader = ReturnType<typeof readerOf>;

async function ssh(lab: SystemdLab, report: Report, reader: Reader): Promise<void> {
  await report.step('elsewhere: ssh, as the page says', async () => {
    await reader.follow('useradd');
    await lab.sh(`echo 'bmc:${PASSWORD_THERE}' | chpasswd`);
    const fingerprint =
      /SHA256:\S+/.exec(await reader.follow('/etc/ssh/ssh_host_ed25519_key.pub'))?.[0] ?? '-';
    await reader.follow('ssh-keygen -q -t ed25519');
    expectText(
      'the fingerprint that was learnt',
      await reader.follow('ssh-keyscan'),
      new RegExp(fingerprint.replaceAll(/[+/.]/g, String.raw`\$&`)),
    );
    await reader.follow('ssh-copy-id');
    await reader.follow('vbmc add by-ssh');
    // On a busy machine a login may take longer than vbmc doctor waits.
    const printed = await waitFor('vbmc doctor', () => reader.follow('sudo vbmc doctor'), busyMachine);
    const uri = `qemu+ssh://bmc@${HOST}/system`;
    expectText(
      'vbmc doctor',
      printed,
      new RegExp(`(ok|warning) +${uri.replace('+', '\\+')}: answers user vbmc`),
    );
    return /.* qemu\+ssh.*/.exec(printed)?.[0] ?? '';
  });
  await obeys(lab, report, 'ssh', bySsh);
}

async function tls(lab: SystemdLab, report: Report, reader: Reader): Promise<void> {
  await report.step('elsewhere: TLS, as the page says', async () => {
    await reader.follow('openssl req -x509', 'vbmc add by-tls');
    return patientAnswer(lab, byTls, 'chassis power status');
  });
  await obeys(lab, report, 'TLS', byTls);

  await report.step('elsewhere: SASL, as the page says', async () => {
    await reader.follow('saslpasswd2', 'vbmc add by-sasl');
    return patientAnswer(lab, bySasl, 'chassis power status');
  });
  await obeys(lab, report, 'TLS and SASL (SCRAM-SHA-256)', bySasl);

  await report.step('elsewhere: a wrong SASL password', async () => {
    await lab.sh(
      "sed -i 's/^libvirt_sasl_password.*/libvirt_sasl_password = wrong/' /etc/vbmc/domains.ini && vbmc reload || true",
    );
    const { stdout } = await lab.exec('vbmc', 'doctor');
    expectText('vbmc doctor', stdout, /error +qemu\+tls:.*authentication failed[\s\S]*libvirt_sasl_password/);
    return /.*authentication failed.*/.exec(stdout)?.[0]?.trim() ?? '';
  });
}

async function others(lab: SystemdLab, report: Report): Promise<void> {
  const key = '/var/lib/vbmc/.ssh/id_ed25519';
  const libssh2 = `qemu+libssh2://bmc@${HOST}/system?keyfile=${key}&known_hosts=/var/lib/vbmc/.ssh/known_hosts`;
  const sections = [
    [byLibssh2, `libvirt_uri = ${libssh2}\n`],
    [
      byTcp,
      `libvirt_uri = qemu+tcp://${HOST}/system\nlibvirt_sasl_username = bmc\nlibvirt_sasl_password = of-libvirt\n`,
    ],
  ] as const;
  // DIGEST-MD5 encrypts, which libvirt asks of a mechanism for TCP.
  await lab.sh(
    `sed -i 's/^mech_list.*/mech_list: digest-md5/' /etc/sasl2/libvirt.conf; systemctl stop ${LIBVIRTD} libvirtd-tls.socket; ` +
      `systemctl start libvirtd-tcp.socket libvirtd-tls.socket ${LIBVIRTD}`,
  );
  await lab.write(FILE, sections.map(([bmc, keys]) => sectionOf(bmc, DOMAIN, keys)).join('\n'));
  // On a busy machine a reload fails because a BMC has not answered yet; `obeys` waits for it.
  await lab.sh('vbmc reload || true');
  await obeys(lab, report, 'TCP and SASL (DIGEST-MD5)', byTcp);
  await obeys(lab, report, 'libssh2', byLibssh2);
}

function sectionOf(bmc: typeof bySsh, domain: string, keys: string): string {
  return `[${bmc.name}]\naddress = 127.0.0.1\nport = ${bmc.port}\npassword = ${bmc.password}\ndomain_name = ${domain}\n${keys}`;
}

/** Power and boot device through this BMC, and what virsh says on the other side. */
async function obeys(lab: SystemdLab, report: Report, how: string, bmc: BmcEndpoint): Promise<void> {
  await report.step(`elsewhere: power and boot by ${how}`, async () => {
    if ((await domstate(lab, DOMAIN)) === 'running')
      await lab.sh(`virsh -c qemu:///system destroy ${DOMAIN}`);
    await patientAnswer(lab, bmc, 'chassis power status');
    const startedAt = performance.now();
    await patientAnswer(lab, bmc, 'chassis power on');
    const took = ((performance.now() - startedAt) / 1000).toFixed(1);
    expectText('virsh', await domstate(lab, DOMAIN), 'running');
    const definition = `virsh -c qemu:///system dumpxml --inactive ${DOMAIN}`;
    // ipmitool ends with 0 when a boot device is refused.
    await waitFor(
      'the definition to boot from the network',
      async () => {
        await answer(lab, bmc, '-N 5 -R 6 chassis bootdev pxe options=persistent');
        return (await lab.sh(definition)).includes("<boot dev='network'/>");
      },
      busyMachine,
    );
    await patientAnswer(lab, bmc, 'chassis bootdev none options=persistent');
    await patientAnswer(lab, bmc, 'chassis power off');
    expectText('virsh', await domstate(lab, DOMAIN), 'shut off');
    return `on in ${took} s, PXE, off: so says virsh`;
  });
}

/**
 * A power command over ssh is several logins. On a busy machine the BMC answers by a time-out meanwhile; the command may be sent
 * again, because it has the same end however often it is carried out.
 */
async function patientAnswer(lab: SystemdLab, bmc: BmcEndpoint, command: string): Promise<string> {
  return waitFor(command, () => answer(lab, bmc, `-N 5 -R 6 ${command}`), busyMachine);
}
