/**
 * `npm run test:hostile`: a live worker on a hostile network, at full size. Everything runs on this machine and on
 * loopback, and nothing is left running. Figures are printed with each step.
 */
import { startLab, type Lab } from '#lab/lab.ts';
import { runAcceptance } from './acceptance-run.ts';
import type { Report } from './report.ts';
import { guessPasswords } from './guessers.ts';
import { sendMillionDatagrams } from './million-datagrams.ts';
import { replaySessions } from './recorded-sessions.ts';

/** Each part begins with a running domain and a worker that serves it; `--only NAME` runs one. */
const parts: Readonly<Record<string, (lab: Lab, report: Report) => Promise<void>>> = {
  datagrams: sendMillionDatagrams,
  replay: replaySessions,
  guessers: guessPasswords,
};

const [OPTION, VALUE] = process.argv.slice(2);
const ONLY = OPTION === '--only' ? (VALUE ?? '') : OPTION;

if (ONLY !== undefined && !Object.hasOwn(parts, ONLY)) {
  process.stderr.write(`npm run test:hostile -- [--only ${Object.keys(parts).join('|')}]\n`);
  process.exit(2);
}

runAcceptance('npm run test:hostile', async ({ report, unlessInterrupted }) => {
  for (const [name, part] of Object.entries(parts)) {
    if (ONLY === undefined || ONLY === name) await inLab((lab) => unlessInterrupted(part(lab, report)));
  }
});

/** Each part has its own lab, so that no part finds state of another in the worker. */
async function inLab(run: (lab: Lab) => Promise<void>): Promise<void> {
  const lab = await startLab({ vbmcd: { inventoryKeys: { ipmi_1_5: 'yes' } } });
  try {
    await lab.libvirt.virsh('start', 'node-0');
    await run(lab);
  } finally {
    await lab.stop();
  }
}
