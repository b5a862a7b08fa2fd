/**
 * What a worker that an attacker has taken over may do, as docs/security.md says it: a program with the worker's user, sandbox and
 * control group tries it. systemd runs the program after the start of vbmcd, as it runs vbmcd.
 */
import type { Report } from '../report.ts';
import { expectText } from './expect.ts';
import { node0 } from './inventory-file.ts';
import { domstate } from './libvirt-domains.ts';
import { EXAMPLE_RULE, FINER_RULE } from './polkit.ts';
import type { SystemdLab } from '#lab/systemd/systemd-lab.ts';

const PROGRAM = '/usr/local/share/attempts.py';
const DROP_IN = '/run/systemd/system/vbmc.service.d/attempts.conf';
const OUTCOMES = '/var/lib/vbmc/attempts.json';
/** A file that only root may read, in a directory that QEMU may enter. */
const ROOTS_FILE = '/var/only-root/file';

const ATTEMPTS = `
import ctypes, errno, json, os, signal, socket, subprocess, sys
libc = ctypes.CDLL(None, use_errno=True)
vbmcd = int(os.environ["MAINPID"])
workers = [int(pid) for pid in open("/proc/%d/task/%d/children" % (vbmcd, vbmcd)).read().split()]
worker = next(pid for pid in workers if open("/proc/%d/comm" % pid).read().startswith("bmc "))

def call(number, *args):
    if libc.syscall(number, *args) < 0:
        raise OSError(ctypes.get_errno(), "")

def memory(pid):
    line = next(line for line in open("/proc/%d/maps" % pid) if " rw-p " in line)
    start = int(line.split("-")[0], 16)
    with open("/proc/%d/mem" % pid, "rb") as file:
        file.seek(start)
        assert len(file.read(16)) == 16

def descriptor(pid):
    call(438, os.pidfd_open(pid), 0, 0)

def connect(family, kind):
    socket.socket(family, kind).close()

def virsh(*args):
    done = subprocess.run(["virsh", "-q", "-c", "qemu:///system", *args], capture_output=True, text=True, timeout=60)
    if done.returncode != 0:
        raise RuntimeError(done.stderr.strip().splitlines()[-1])

def pool():
    try:
        virsh("pool-create-as", "attempt", "dir", "--target", "/var/only-root")
        virsh("vol-download", "--pool", "attempt", "file", "/var/lib/vbmc/stolen")
        assert open("/var/lib/vbmc/stolen").read() == "of root\\n"
        virsh("vol-upload", "--pool", "attempt", "file", "/var/lib/vbmc/stolen")
    finally:
        subprocess.run(["virsh", "-q", "-c", "qemu:///system", "pool-destroy", "attempt"], capture_output=True)

def disk():
    xml = subprocess.run(["virsh", "-c", "qemu:///system", "dumpxml", "--inactive", "node-0"], capture_output=True, text=True).stdout
    disk = "<disk type='file' device='disk'><driver name='qemu' type='raw'/><source file='/var/only-root/file'/><target dev='vdz' bus='virtio'/><readonly/></disk>"
    open("/var/lib/vbmc/attempt.xml", "w").write(xml.replace("<devices>", "<devices>" + disk))
    virsh("define", "/var/lib/vbmc/attempt.xml")
    virsh("start", "node-0")

attempts = {
    "reads the inventory": lambda: open("/etc/vbmc/domains.ini").read(),
    "signals vbmcd": lambda: os.kill(vbmcd, 0),
    "signals another worker": lambda: os.kill(worker, 0),
    "notifies systemd": lambda: subprocess.run(["systemd-notify", "--status=an attempt"], check=True),
    "reads the memory of another worker": lambda: memory(worker),
    "takes a descriptor of another worker": lambda: descriptor(worker),
    "traces another worker": lambda: call(101, 16, worker, 0, 0),
    "reads /etc/shadow": lambda: open("/etc/shadow").read(),
    "writes to /etc": lambda: open("/etc/attempt", "w"),
    "becomes root": lambda: os.setuid(0),
    "makes a user namespace": lambda: call(272, 0x10000000),
    "opens a packet socket": lambda: connect(socket.AF_PACKET, socket.SOCK_RAW),
    "opens a netlink socket": lambda: connect(socket.AF_NETLINK, socket.SOCK_RAW),
    "leaves its control group": lambda: open("/sys/fs/cgroup/unified/cgroup.procs", "w").write(str(os.getpid())),
    "has libvirt read and write root's file": pool,
    "gives a named domain root's file": disk,
}
outcomes = {}
for what, attempt in attempts.items():
    try:
        attempt()
        outcomes[what] = "yes"
    except OSError as error:
        outcomes[what] = errno.errorcode.get(error.errno, str(error))
    except Exception as error:
        outcomes[what] = str(error) or type(error).__name__
json.dump(outcomes, open("${OUTCOMES}", "w"))
`;

const may = ['reads the inventory', 'signals vbmcd', 'signals another worker', 'notifies systemd'];
const mayNot = [
  'takes a descriptor of another worker',
  'traces another worker',
  'reads /etc/shadow',
  'writes to /etc',
  'becomes root',
  'makes a user namespace',
  'opens a packet socket',
  'opens a netlink socket',
  'leaves its control group',
];
const BY_POOL = "has libvirt read and write root's file";
const BY_DOMAIN = "gives a named domain root's file";

export async function takenOverWorker(lab: SystemdLab, report: Report): Promise<void> {
  const definition = await lab.sh('virsh -c qemu:///system dumpxml --inactive node-0');
  await lab.write('/root/node-0.xml', definition);
  await lab.write(PROGRAM, ATTEMPTS);
  await lab.sh(`install -d -m 755 /var/only-root && echo of root > ${ROOTS_FILE} && chmod 600 ${ROOTS_FILE}`);
  const attempts = async (): Promise<Readonly<Record<string, string>>> => {
    if ((await domstate(lab, node0.name)) === 'running')
      await lab.sh('virsh -c qemu:///system destroy node-0');
    await lab.sh('virsh -c qemu:///system define /root/node-0.xml');
    await lab.sh(
      `rm -f ${OUTCOMES}; mkdir -p $(dirname ${DROP_IN}) && ` +
        `printf '[Service]\\nExecStartPost=/usr/bin/python3 ${PROGRAM}\\n' > ${DROP_IN} && ` +
        'systemctl daemon-reload && systemctl restart vbmc',
    );
    return JSON.parse(await lab.sh(`cat ${OUTCOMES}`)) as Record<string, string>;
  };
  const expectOutcomes = (outcomes: Readonly<Record<string, string>>): void => {
    for (const what of may) expectText(what, outcomes[what] ?? '', 'yes');
    for (const what of mayNot) expectText(what, outcomes[what] ?? '', /^E[A-Z]+$/);
  };

  try {
    await report.step('taken-over worker: what it may do', async () => {
      const outcomes = await attempts();
      expectOutcomes(outcomes);
      expectText(BY_POOL, outcomes[BY_POOL] ?? '', 'yes');
      return Object.entries(outcomes)
        .map(([what, outcome]) => `${what}: ${outcome}`)
        .join(', ');
    });

    await report.step('taken-over worker: with the finer rule', async () => {
      await lab.sh(
        `cp ${EXAMPLE_RULE} ${FINER_RULE} && printf 'access_drivers = [ "polkit" ]\\n' >> /etc/libvirt/libvirtd.conf && ` +
          'systemctl restart polkit libvirtd',
      );
      const outcomes = await attempts();
      expectText(BY_POOL, outcomes[BY_POOL] ?? '', /access denied/);
      // Whoever may write a domain's definition may give the domain any file of the host.
      expectText(BY_DOMAIN, outcomes[BY_DOMAIN] ?? '', 'yes');
      expectText(
        'its disks',
        await lab.sh('virsh -c qemu:///system domblklist node-0'),
        /\/var\/only-root\/file/,
      );
      return `${BY_POOL}: ${outcomes[BY_POOL] ?? ''}; ${BY_DOMAIN}: ${outcomes[BY_DOMAIN] ?? ''}`;
    });
  } finally {
    await lab.sh(
      `rm -rf ${FINER_RULE} $(dirname ${DROP_IN}) ${PROGRAM} /var/only-root /var/lib/vbmc/attempt* /var/lib/vbmc/stolen && ` +
        "sed -i '/^access_drivers/d' /etc/libvirt/libvirtd.conf && systemctl daemon-reload && " +
        'systemctl restart polkit libvirtd vbmc && (virsh -c qemu:///system destroy node-0 || true) && ' +
        'virsh -c qemu:///system define /root/node-0.xml',
    );
  }
}
