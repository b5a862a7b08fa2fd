/**
 * `npm run test:device-state`: what the device keeps is the same after worker, vbmcd and host were cut off, with real domains and
 * real clients. A seed decides what the load does and when the kills come; when they meet depends on the machine.
 */
import { parseArgs } from 'node:util';
import { installPrograms } from '#lab/debian-packages.ts';
import { anySeed, wholeNumberOption } from '#support/whole-number-option.ts';
import { runAcceptance } from './acceptance-run.ts';
import { failLogins } from './device-state/failed-logins.ts';
import { rebootHost } from './device-state/host-reboot.ts';
import { surviveKills } from './device-state/kills.ts';
import type { Part, PartOptions } from './device-state/part.ts';
import { keepSensorCache } from './device-state/sensor-cache.ts';

const parts: Readonly<Record<string, { readonly about: string; readonly run: Part }>> = {
  kills: {
    about: 'worker and vbmcd are killed while event log, clock, users and power change',
    run: surviveKills,
  },
  logins: { about: 'failed logins leave few records, and cost nobody else anything', run: failLogins },
  cache: { about: 'ipmi-sensors works by the cache that it has made before kills', run: keepSensorCache },
  reboot: { about: 'the host reboots, and comes back without its domains and /run', run: rebootHost },
};

const USAGE = `Usage: npm run test:device-state -- [--only PART] [--seed NUMBER] [--kills NUMBER] [--logins NUMBER]

Parts:
${Object.entries(parts)
  .map(([name, { about }]) => `  ${name.padEnd(8)} ${about}`)
  .join('\n')}
`;

const { only, options } = readArguments();

function readArguments(): { readonly only: string | undefined; readonly options: PartOptions } {
  const text = { type: 'string' } as const;
  const { values } = parseArgs({ options: { only: text, seed: text, kills: text, logins: text } });
  if (values.only !== undefined && !Object.hasOwn(parts, values.only)) {
    process.stderr.write(USAGE);
    process.exit(2);
  }
  return {
    only: values.only,
    options: {
      seed: wholeNumberOption(values.seed, anySeed(), USAGE),
      kills: wholeNumberOption(values.kills, 20, USAGE),
      logins: wholeNumberOption(values.logins, 10_000, USAGE),
    },
  };
}

runAcceptance('npm run test:device-state', async (run) => {
  const packages = { ipmitool: 'ipmitool', 'ipmi-sensors': 'freeipmi-tools' };
  await run.unlessInterrupted(installPrograms(packages, { print: run.print }));
  for (const [name, part] of Object.entries(parts)) {
    if (only !== undefined && only !== name) continue;
    run.print(`\n${name}: ${part.about}`);
    await part.run(run, options);
  }
});
