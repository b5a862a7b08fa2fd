/**
 * `npm run test:boot-shapes`: domains of many shapes, and what really boots when ipmitool asks for a boot device. Nothing is
 * left running. `-- --only TEXT` tries the shapes with this in their name.
 */
import { parseArgs } from 'node:util';
import { installPrograms } from '#lab/debian-packages.ts';
import { describeRequest, equalOrders, notTried, requestsFor, shapes } from '#lab/boot-shapes/shapes.ts';
import { refusalOf, startShapeLab, type ShapeLab } from '#lab/boot-shapes/shape-lab.ts';
import { tryCell } from '#lab/boot-shapes/try-cell.ts';
import { runAcceptance, type AcceptanceRun } from './acceptance-run.ts';

const needed = { 'qemu-img': 'qemu-utils', '/usr/share/OVMF/OVMF_CODE_4M.secboot.fd': 'ovmf' };

runAcceptance('npm run test:boot-shapes', async (run) => {
  const { values } = parseArgs({ options: { only: { type: 'string', default: '' } } });
  const wanted = shapes.filter(({ name }) => name.includes(values.only));
  await run.unlessInterrupted(installPrograms(needed, run));
  const lab = await startShapeLab(wanted);
  try {
    await run.unlessInterrupted(tryShapes(lab, run));
  } finally {
    await lab.stop();
  }
});

async function tryShapes(lab: ShapeLab, { report, print }: AcceptanceRun): Promise<void> {
  let [tried, right] = [0, 0];
  for (const domain of lab.domains) {
    for (const request of requestsFor(domain.shape)) {
      tried += 1;
      const isRight = await report.step(`${domain.shape.name}: ${describeRequest(request)}`, async () => {
        const wrong = await tryCell(domain, request);
        if (wrong.length > 0) throw new Error(wrong.join('; '));
        return '';
      });
      if (isRight) right += 1;
    }
  }
  await report.step(equalOrders.name, async () => {
    const refusal = await refusalOf(lab.libvirt, equalOrders);
    if (refusal === undefined) throw new Error('libvirt takes it: it belongs into the matrix');
    return `libvirt refuses it: ${refusal}`;
  });
  for (const [what, reason] of notTried) report.skip(what, reason);
  print(`\ncells tried: ${tried}, right: ${right}`);
}
