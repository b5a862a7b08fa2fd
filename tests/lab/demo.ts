import { runDemoLines } from './demo-check.ts';
import { defineDemoDomains } from './demo-domains.ts';
import { demoLines, vbmcLine, virshLine } from './demo-lines.ts';
import { interruption } from './interruption.ts';
import { findProgram } from './lab-environment.ts';
import { startPrivateLibvirt, type PrivateLibvirt } from './private-libvirt.ts';
import { planBmcs, startLabVbmcd } from './vbmcd.ts';

const USAGE = `Usage: npm start [-- --check]

Starts two tiny virtual machines on a private libvirt session and vbmcd with a BMC for each of them, and
prints ipmitool lines to paste into another terminal. Ctrl-C ends it and leaves nothing behind.

  --check  run those lines, show each answer next to virsh's, and end;
           exit 0 if they all agree, 1 if not
  --help   print this
`;

const args = process.argv.slice(2);
const CHECK = args.includes('--check');
const UNKNOWN = args.find((arg) => !['--check', '--help', '-h'].includes(arg));
if (UNKNOWN !== undefined) {
  process.stderr.write(`npm start: no such option: ${UNKNOWN}\n\n${USAGE}`);
  process.exit(2);
}
if (args.some((arg) => ['--help', '-h'].includes(arg))) {
  process.stdout.write(USAGE);
  process.exit(0);
}

// The terminal may be closed. Nothing can be printed then, but the lab must still be removed.
for (const stream of [process.stdout, process.stderr]) stream.on('error', () => undefined);
function print(text: string): void {
  process.stdout.write(`${text}\n`);
}
const interrupted = interruption();

/** Without `--check` this ends only when it fails. */
async function demonstrate(libvirt: PrivateLibvirt): Promise<number> {
  const domains = await defineDemoDomains(libvirt);
  const vbmcd = await startLabVbmcd(libvirt, await planBmcs(domains.map(({ name }) => name)), {
    ...(CHECK ? {} : { onLog: (text) => process.stdout.write(text) }),
  });
  const lines = vbmcd.bmcs.flatMap((bmc, index) => {
    const domain = domains[index];
    return domain === undefined ? [] : demoLines(libvirt, vbmcd, bmc, domain);
  });
  if (CHECK) {
    const agree = await runDemoLines(lines, print);
    if (!agree) print(`The log of vbmcd:\n\n${vbmcd.log()}`);
    print(agree ? 'All answers agree with libvirt.' : 'NOT all answers agree with libvirt: see above.');
    return agree ? 0 : 1;
  }
  const pasteable = lines.map(({ command }) => command).filter((command) => command.startsWith('ipmitool'));
  print(`
Ready: ${domains.map(({ name }) => name).join(' and ')}, shut off, with a BMC each. In another terminal:

${[...new Set(pasteable)].map((command) => `  ${command}`).join('\n')}

To look at the domains:

  ${virshLine(libvirt)} list --all

To look at the BMCs:

  ${vbmcLine(vbmcd, 'list')}
  ${vbmcLine(vbmcd, 'doctor')}

Ctrl-C ends all this and leaves nothing behind. What follows is the log of vbmcd.
`);
  throw new Error(`vbmcd has ended by itself (${await vbmcd.ended})`);
}

async function main(): Promise<number> {
  if (findProgram('ipmitool') === undefined) {
    throw new Error('ipmitool is missing; on Debian and Ubuntu: apt-get install ipmitool');
  }
  const libvirt = await startPrivateLibvirt();
  if (libvirt.hypervisor === 'mock') {
    print("QEMU is not installed: the domains are those of libvirt's mock hypervisor, which run nothing.");
  }
  try {
    const outcome = await Promise.race([demonstrate(libvirt), interrupted]);
    if (outcome !== 'interrupted') return outcome;
    // An interrupted check has shown nothing.
    return CHECK ? 130 : 0;
  } finally {
    await libvirt.stop();
  }
}

main().then(
  (exitCode) => process.exit(exitCode),
  (error: unknown) => {
    process.stderr.write(`npm start: ${error instanceof Error ? error.message : String(error)}\n`);
    process.exit(1);
  },
);
