/**
 * `npm run test:fair-limits`: limits meant for attackers cost the others nothing, and attackers leave a trace; at full size, with a
 * real domain and real clients. As root everything runs in a network namespace of its own. Nothing is left running.
 */
import { parseArgs } from 'node:util';
import { installPrograms } from '#lab/debian-packages.ts';
import { isInOwnNetwork, prepareOwnNetwork, runAgainInOwnNetwork } from '#lab/own-network.ts';
import { runAcceptance } from './acceptance-run.ts';
import { answerFromAsked } from './fair-limits/addresses.ts';
import { IPV6_NETWORK, lockOut } from './fair-limits/lockout.ts';
import type { PartContext } from './fair-limits/part.ts';
import { shareSessions } from './fair-limits/sessions.ts';
import { keepTrail } from './fair-limits/trail.ts';

interface Part {
  readonly about: string;
  readonly run: (context: PartContext) => Promise<void>;
}

const parts: Readonly<Record<string, Part>> = {
  lockout: {
    about:
      '60,000 failed logins from two addresses while legitimate users poll there and next to them; 5 minutes',
    run: lockOut,
  },
  sessions: {
    about:
      '1,000 clients of level user take all sessions they get while administrator and operator log in; 5 minutes',
    run: shareSessions,
  },
  addresses: {
    about:
      'each address of a host in two networks answers from itself, while addresses come and go; 1 minute',
    run: answerFromAsked,
  },
  trail: {
    about: '100,000 sessions and 10,000 refusals after a power command; 5 minutes',
    run: keepTrail,
  },
};

const USAGE = `Usage: npm run test:fair-limits -- [--only PART]

Parts:
${Object.entries(parts)
  .map(([name, { about }]) => `  ${name.padEnd(10)} ${about}`)
  .join('\n')}

Exit code: 0; 1 if a step failed; 2 for a wrong command line; 130 if interrupted. Without root there is no
namespace, and what needs one (IPv6, addresses) is skipped.
`;

const ONLY = readArguments();
const HAS_OWN_NETWORK = isInOwnNetwork();

if (process.getuid?.() === 0 && !HAS_OWN_NETWORK) {
  const print = (line: string): void => void process.stdout.write(`${line}\n`);
  await installPrograms({ ip: 'iproute2', sysctl: 'procps', ipmitool: 'ipmitool' }, { print });
  process.exit(await runAgainInOwnNetwork());
}

runAcceptance('npm run test:fair-limits', async ({ report, print, unlessInterrupted }) => {
  if (HAS_OWN_NETWORK) await prepareOwnNetwork([IPV6_NETWORK]);
  for (const [name, { about, run }] of Object.entries(parts)) {
    if (ONLY !== undefined && ONLY !== name) continue;
    print(`\n${name}: ${about}`);
    await run({ report, print, unlessInterrupted, hasOwnNetwork: HAS_OWN_NETWORK });
  }
});

function readArguments(): string | undefined {
  const options = { only: { type: 'string' }, help: { type: 'boolean', short: 'h' } } as const;
  try {
    const { values } = parseArgs({ options });
    if (values.help === true) {
      process.stdout.write(USAGE);
      process.exit(0);
    }
    if (values.only === undefined || Object.hasOwn(parts, values.only)) return values.only;
  } catch {
    // Told below.
  }
  process.stderr.write(USAGE);
  process.exit(2);
}
