/** Each way in which a connection to another host is refused: an error with its remedy, soon, and in every place. */
import { waitFor } from '#support/wait-for.ts';
import type { Report } from '../report.ts';
import { expectText } from './expect.ts';
import { ipmi, type BmcEndpoint } from './ipmi-client.ts';
import type { SystemdLab } from '#lab/systemd/systemd-lab.ts';

const FILE = '/etc/vbmc/domains.d/refused.ini';
const KEYS = '/var/lib/vbmc/.ssh';
interface Refused {
  readonly what: string;
  readonly uri: (host: string) => string;
  /** In `vbmc list`, `vbmc show` and the log. */
  readonly text: RegExp;
  /** In `vbmc doctor`. */
  readonly remedy: RegExp;
  readonly code: 'Insufficient privilege level' | 'Node busy';
}

const refused: readonly Refused[] = [
  {
    what: 'unknown host key',
    uri: () => 'qemu+ssh://bmc@hv2.example.org/system',
    text: /Host key verification failed.*host key is not known/,
    remedy: /ssh-keyscan hv2\.example\.org \| sudo -H -u vbmc tee -a/,
    code: 'Insufficient privilege level',
  },
  {
    what: 'changed host key',
    uri: () => 'qemu+ssh://bmc@hv3.example.org/system',
    text: /HOST IDENTIFICATION HAS CHANGED.*host key is not the known one/,
    remedy: /ssh-keygen -R hv3\.example\.org/,
    code: 'Insufficient privilege level',
  },
  {
    what: 'refused key (asks for a password)',
    uri: (host) => `qemu+ssh://stranger@${host}/system`,
    text: /Permission denied.*accepts no ssh key/,
    remedy: /ssh-copy-id -i .*id_ed25519\.pub .*stranger@hv1\.example\.org/,
    code: 'Insufficient privilege level',
  },
  {
    what: 'key with a passphrase',
    uri: (host) => `qemu+ssh://stranger@${host}/system?keyfile=${KEYS}/locked`,
    text: /Permission denied.*accepts no ssh key/,
    remedy: /locked: the key has a passphrase/,
    code: 'Insufficient privilege level',
  },
  {
    what: 'key under /root',
    uri: (host) => `qemu+ssh://stranger@${host}/system?keyfile=/root/.ssh/id_rsa_virt_power`,
    text: /not accessible.*cannot read this ssh key/,
    remedy: /sudo install -m 600 -o vbmc/,
    code: 'Insufficient privilege level',
  },
  {
    what: 'no route',
    uri: () => 'qemu+ssh://bmc@192.0.2.9/system',
    text: /Network is unreachable.*routes/,
    remedy: /routes of this host/,
    code: 'Node busy',
  },
  {
    what: 'closed port',
    uri: (host) => `qemu+ssh://bmc@${host}:2299/system`,
    text: /Connection refused.*start sshd/,
    remedy: /start sshd or libvirtd there/,
    code: 'Node busy',
  },
  {
    what: 'no answer',
    uri: () => 'qemu+ssh://bmc@hv4.example.org/system',
    text: /timed out.*no firewall drops/,
    remedy: /no firewall drops/,
    code: 'Node busy',
  },
];

export async function remoteRefusals(lab: SystemdLab, report: Report, host: string): Promise<void> {
  const bmcs = refused.map((each, index) => ({
    ...each,
    name: `refused-${index}`,
    port: 6261 + index,
    password: 'x',
    connectionUri: each.uri(host),
  }));
  await prepare(lab, host);
  try {
    await report.step('refused: validate warns of /root', async () => {
      const sections = bmcs.map(
        ({ name, port, connectionUri }) =>
          `[${name}]\naddress = 127.0.0.1\nport = ${port}\npassword = x\ndomain_name = node-1\nlibvirt_uri = ${connectionUri}\n`,
      );
      await lab.write(FILE, sections.join('\n'));
      const said = await lab.sh('vbmc validate');
      expectText('vbmc validate', said, /warning: \[refused-4\] libvirt_uri: keyfile names \/root/);
      await lab.sh('vbmc reload || true');
      return said.split('\n').find((line) => line.includes('/root')) ?? '';
    });

    const doctor = await doctorOf(lab, bmcs);
    for (const bmc of bmcs) {
      await report.step(`refused: ${bmc.what}`, async () => {
        const { text, seconds } = await refusal(lab, bmc);
        const row = await waitFor(
          'vbmc list to say why',
          async () => {
            const line = (await lab.sh('vbmc list --details'))
              .split('\n')
              .find((each) => each.startsWith(bmc.name));
            return line !== undefined && bmc.text.test(line) ? line : undefined;
          },
          { timeoutMs: 30_000, intervalMs: 500 },
        );
        expectText('vbmc show', await lab.sh(`vbmc show ${bmc.name} --details | grep ^power:`), bmc.text);
        expectText('vbmc doctor', doctor, bmc.remedy);
        const log = await lab.sh(`journalctl -u vbmc --no-pager | grep -F '${bmc.connectionUri} is down'`);
        expectText('the log', log, bmc.text);
        return `after ${seconds.toFixed(1)} s: ${text.split('\n').at(-1) ?? ''}; ${row.replace(/^.*connect to the hypervisor: /, '')}`;
      });
    }

    await report.step('refused: nobody is asked, nothing is left', async () => {
      await lab.sh(`rm -f ${FILE}; vbmc reload --allow-removal`);
      await waitFor(
        'every ssh of the refused connections to end',
        async () => !(await lab.succeeds("pgrep -u vbmc -f 'ssh .*(hv[234]|192.0.2.9|stranger)'")),
        { timeoutMs: 30_000, intervalMs: 500 },
      );
      return 'no ssh of theirs runs';
    });
  } finally {
    await lab.sh(
      `rm -f ${FILE} ${KEYS}/locked*; vbmc reload --allow-removal; nft delete table inet silent || true`,
    );
  }
}

/** Once the machine has the time to let every connection come to its end. */
async function doctorOf(lab: SystemdLab, bmcs: readonly Refused[]): Promise<string> {
  let said = '';
  await waitFor(
    'vbmc doctor to name every remedy',
    async () => {
      said = (await lab.exec('vbmc', 'doctor')).stdout;
      return bmcs.every(({ remedy }) => remedy.test(said));
    },
    { timeoutMs: 120_000, intervalMs: 1_000 },
  ).catch(() => undefined);
  return said;
}

/**
 * What a client is told, and after how many seconds. On a busy machine a login may take so long that the BMC answers by a time-out
 * meanwhile, so it is asked again.
 */
async function refusal(
  lab: SystemdLab,
  bmc: Refused & BmcEndpoint,
): Promise<{ readonly text: string; readonly seconds: number }> {
  return waitFor(
    `power status: ${bmc.code}`,
    async () => {
      const startedAt = performance.now();
      const { ok, text } = await ipmi(lab, bmc, '-N 6 -R 3 chassis power status');
      if (ok) throw new Error(`power status: ${text}`);
      const seconds = (performance.now() - startedAt) / 1000;
      return text.includes(bmc.code) ? { text, seconds } : undefined;
    },
    { timeoutMs: 90_000, intervalMs: 1_000 },
  );
}

/** hv2: nobody knows its key; hv3: another key was there before; hv4: says nothing. All are addresses of the lab. */
async function prepare(lab: SystemdLab, host: string): Promise<void> {
  await lab.sh(
    "printf '127.0.0.22 hv2.example.org\\n127.0.0.23 hv3.example.org\\n127.0.0.24 hv4.example.org\\n' >> /etc/hosts",
  );
  await lab.sh(
    'systemd-run --unit=sshd-hv2 --quiet /usr/sbin/sshd -D -o ListenAddress=127.0.0.22 -o ListenAddress=127.0.0.23 -o PidFile=none',
  );
  await lab.sh('useradd --create-home stranger && echo stranger:not-known | chpasswd');
  const other =
    "ssh-keygen -q -t ed25519 -N '' -f /root/other && echo hv3.example.org $(cut -d' ' -f1,2 /root/other.pub)";
  await lab.sh(`(${other}) | sudo -u vbmc tee -a ${KEYS}/known_hosts`);
  await lab.sh(`sudo -u vbmc ssh-keygen -q -t ed25519 -N locked -f ${KEYS}/locked`);
  await lab.sh(
    "nft 'table inet silent { chain input { type filter hook input priority 0; ip daddr 127.0.0.24 tcp dport 22 drop; }; }'",
  );
  await lab.sh(`ssh-keygen -F ${host} -f ${KEYS}/known_hosts`);
}
