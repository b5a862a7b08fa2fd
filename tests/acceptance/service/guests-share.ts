/** A flood at many BMCs takes little processor time from guests: what the weights of vbmc.slice give, beside what equal weights would. */
import { availableParallelism } from 'node:os';
import { waitFor } from '#support/wait-for.ts';
import type { Report } from '../report.ts';
import { expectText } from './expect.ts';
import type { SystemdLab } from '#lab/systemd/systemd-lab.ts';
import { processes, property } from './unit.ts';

const BMCS = 40;
const FIRST_PORT = 20_000;
const FILE = '/etc/vbmc/domains.d/flood.ini';
const DROP_IN = '/run/systemd/system/vbmc.service.d/one-processor.conf';
const MEASURED_S = 8;
const EQUAL_WEIGHT = 100;
/** As config/systemd/vbmc.slice has it: a quarter of the weight of machine.slice. */
const OWN_WEIGHT = 25;
/** 0.8 by the weights. */
const LEAST_SHARE = 0.7;
/** 0.5 by equal weights: the flood has to be one that would take a processor from the guests. */
const MOST_SHARE_OTHERWISE = 0.6;

/** Sends questions that a BMC answers before any login to all ports in turn, from many addresses, for so many seconds. */
const FLOOD = `
import socket, sys, time
seconds, first, count = float(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3])
sockets = []
for number in range(8):
    one = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    one.bind(("127.0.5.%d" % (number + 1), 0))
    one.setblocking(False)
    sockets.append(one)
question = bytes.fromhex("0600ff07000000000000000000092018c88100388e04b5")
end, sent = time.monotonic() + seconds, 0
while time.monotonic() < end:
    for one in sockets:
        for port in range(first, first + count):
            try:
                one.sendto(question, ("127.0.0.1", port))
                sent += 1
            except OSError:
                pass
print(sent)
`;

interface Share {
  /** Of the processor time that guest and BMCs have used. */
  readonly guest: number;
  readonly text: string;
}

export async function guestsShare(lab: SystemdLab, report: Report): Promise<void> {
  await report.step('slice: the unit is in vbmc.slice', async () => {
    expectText('Slice', await property(lab, 'Slice'), 'vbmc.slice');
    const weights = await lab.sh('systemctl show -p CPUWeight -p IOWeight --value vbmc.slice');
    expectText('CPUWeight and IOWeight', weights, `${OWN_WEIGHT}\n${OWN_WEIGHT}`);
    return `CPUWeight and IOWeight ${OWN_WEIGHT}`;
  });

  if (availableParallelism() < 2) {
    report.skip('slice: a flood leaves guests their share', 'the sender needs a processor of its own');
    return;
  }
  const bmcs = Array.from(
    { length: BMCS },
    (_, index) =>
      `[flood-${index}]\naddress = 127.0.0.1\nport = ${FIRST_PORT + index}\npassword = of-the-flood\n`,
  );
  await lab.write(FILE, bmcs.join('\n'));
  await lab.sh(
    `mkdir -p $(dirname ${DROP_IN}) && printf '[Service]\\nCPUAffinity=0\\n' > ${DROP_IN} && ` +
      'systemctl daemon-reload && systemctl restart vbmc',
  );
  // A stand-in for a guest that is busy: libvirt puts guests in this slice.
  await lab.sh(
    "systemd-run --quiet --unit=busy-guest --slice=machine.slice -p CPUAffinity=0 sh -c 'while :; do :; done'",
  );
  try {
    await waitFor(`${BMCS} BMCs to be up`, async () => (await processes(lab)).length > BMCS, {
      timeoutMs: 120_000,
      intervalMs: 500,
    });
    await report.step('slice: a flood leaves guests their share', async () => {
      const own = await measure(lab, OWN_WEIGHT);
      const equal = await measure(lab, EQUAL_WEIGHT);
      const text = `of a processor that both want, the guest had ${own.text}; with equal weights ${equal.text}`;
      if (!(own.guest >= LEAST_SHARE && equal.guest <= MOST_SHARE_OTHERWISE)) throw new Error(text);
      return text;
    });
  } finally {
    await lab.sh(
      'systemctl stop busy-guest; ' +
        `rm -rf $(dirname ${DROP_IN}) ${FILE} /run/systemd/system.control/vbmc.slice.d; systemctl daemon-reload; systemctl restart vbmc`,
    );
  }
}

/** The guest's share during a flood that comes from outside of the container, and from another processor. */
async function measure(lab: SystemdLab, weight: number): Promise<Share> {
  await lab.sh(`systemctl set-property --runtime vbmc.slice CPUWeight=${weight}`);
  const guestPid = await lab.sh('systemctl show -p MainPID --value busy-guest');
  const flood = lab.outside([
    'taskset',
    '-c',
    '1',
    'python3',
    '-c',
    FLOOD,
    String(MEASURED_S + 6),
    String(FIRST_PORT),
    String(BMCS),
  ]);
  await lab.sh('sleep 2');
  const before = await cpuTicks(lab, guestPid);
  await lab.sh(`sleep ${MEASURED_S}`);
  const after = await cpuTicks(lab, guestPid);
  const { stdout } = await flood;
  const guest = after.guest - before.guest;
  const all = guest + after.bmcs - before.bmcs;
  const perSecond = Math.round(Number(stdout) / (MEASURED_S + 6));
  const share = guest / all;
  return {
    guest: share,
    text: `${(100 * share).toFixed(0)} % under ${perSecond} datagrams/s at ${BMCS} BMCs`,
  };
}

/** Processor time so far, in clock ticks: fields 14 and 15 of /proc/PID/stat, after the name, which may hold spaces. */
async function cpuTicks(
  lab: SystemdLab,
  guestPid: string,
): Promise<{ readonly guest: number; readonly bmcs: number }> {
  const pids = [guestPid, ...(await processes(lab))];
  const text = await lab.sh(`cat ${pids.map((pid) => `/proc/${pid}/stat`).join(' ')}`);
  const ticks = text.split('\n').map((line) => {
    const fields = line.slice(line.lastIndexOf(')') + 2).split(' ');
    return Number(fields[11]) + Number(fields[12]);
  });
  const [guest = 0, ...bmcs] = ticks;
  return { guest, bmcs: bmcs.reduce((sum, one) => sum + one, 0) };
}
