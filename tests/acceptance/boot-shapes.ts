/**
 * `npm run test:boot-shapes`: domains of many shapes, and what really boots when ipmitool asks for a boot device. Nothing is
 * left running. `-- --only TEXT` tries the shapes with this in their name, `--lanes NUMBER` so many of them at the same time.
 * `--resume FILE` notes in the file which cells are right, and does not try those that it names.
 */
import { appendFileSync, existsSync, readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { installPrograms } from '#lab/debian-packages.ts';
import { describeRequest, equalOrders, notTried, requestsFor, shapes } from '#lab/boot-shapes/shapes.ts';
import type { Request } from '#lab/boot-shapes/shape.ts';
import { refusalOf, startShapeLab, type ShapeDomain, type ShapeLab } from '#lab/boot-shapes/shape-lab.ts';
import { tryCell } from '#lab/boot-shapes/try-cell.ts';
import { runAcceptance, type AcceptanceRun } from './acceptance-run.ts';

const needed = { 'qemu-img': 'qemu-utils', '/usr/share/OVMF/OVMF_CODE_4M.secboot.fd': 'ovmf' };

interface Cell {
  readonly domain: ShapeDomain;
  readonly request: Request;
  readonly name: string;
}
/** The outcome of a cell: what is not as it must be; nothing if all is right. */
type Outcomes = Map<Cell, readonly string[]>;

runAcceptance('npm run test:boot-shapes', async (run) => {
  const { values } = parseArgs({
    options: {
      only: { type: 'string', default: '' },
      lanes: { type: 'string', default: '3' },
      resume: { type: 'string' },
    },
  });
  const wanted = shapes.filter(({ name }) => name.includes(values.only));
  await run.unlessInterrupted(installPrograms(needed, run));
  const lab = await startShapeLab(wanted);
  const outcomes: Outcomes = new Map();
  try {
    await tryShapes(lab, run, outcomes, { lanes: Number(values.lanes), file: values.resume });
    if (!run.signal.aborted) await tryEqualOrders(lab, run);
  } finally {
    printTable(lab, run, outcomes);
    await lab.stop();
  }
  run.signal.throwIfAborted();
});

function cellsOf(domain: ShapeDomain): Cell[] {
  return requestsFor(domain.shape).map((request) => ({
    domain,
    request,
    name: `${domain.shape.name}: ${describeRequest(request)}`,
  }));
}

/** Each lane takes one shape after another. */
async function tryShapes(
  lab: ShapeLab,
  { report, print, signal }: AcceptanceRun,
  outcomes: Outcomes,
  { lanes, file }: { readonly lanes: number; readonly file: string | undefined },
): Promise<void> {
  const known = new Set(
    file !== undefined && existsSync(file) ? readFileSync(file, 'utf8').split('\n').filter(Boolean) : [],
  );
  const all = lab.domains.flatMap(cellsOf).length;
  const waiting = [...lab.domains];
  const lane = async (): Promise<void> => {
    for (let domain = waiting.shift(); domain !== undefined; domain = waiting.shift()) {
      for (const cell of cellsOf(domain)) {
        if (signal.aborted) return;
        if (known.has(cell.name)) {
          outcomes.set(cell, []);
          continue;
        }
        await report.step(cell.name, async () => {
          const wrong = await tryCell(cell.domain, cell.request).catch((error: unknown) => [String(error)]);
          outcomes.set(cell, wrong);
          if (wrong.length > 0) throw new Error(wrong.join('; '));
          if (file !== undefined) appendFileSync(file, `${cell.name}\n`);
          return `${outcomes.size} of ${all}`;
        });
      }
    }
  };
  if (known.size > 0) print(`${known.size} cells were right before, by ${file ?? ''}`);
  await Promise.all(Array.from({ length: lanes }, lane));
}

async function tryEqualOrders(lab: ShapeLab, { report }: AcceptanceRun): Promise<void> {
  await report.step(equalOrders.name, async () => {
    const refusal = await refusalOf(lab.libvirt, equalOrders);
    if (refusal === undefined) throw new Error('libvirt takes it: it belongs into the matrix');
    return `libvirt refuses it: ${refusal}`;
  });
  for (const [what, reason] of notTried) report.skip(what, reason);
}

function printTable(lab: ShapeLab, { print }: AcceptanceRun, outcomes: Outcomes): void {
  const cells = [...outcomes];
  const right = (some: typeof cells): number => some.filter(([, wrong]) => wrong.length === 0).length;
  print('\n  cells  tried  right  shape');
  for (const domain of lab.domains) {
    const tried = cells.filter(([cell]) => cell.domain === domain);
    const columns = [cellsOf(domain).length, tried.length, right(tried)].map((n) => String(n).padStart(5));
    print(`  ${columns.join('  ')}  ${domain.shape.name}`);
  }
  for (const [{ name }, wrong] of cells)
    if (wrong.length > 0) print(`not right: ${name}: ${wrong.join('; ')}`);
  print(`\ncells tried: ${cells.length}, right: ${right(cells)}`);
}
