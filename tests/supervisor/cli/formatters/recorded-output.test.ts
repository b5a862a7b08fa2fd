/** What the real VirtualBMC printed for a command line, ours prints. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { BmcListing, BmcStatus } from '#supervisor/status/bmc-listing.ts';
import { problemText } from '#supervisor/text/problem.ts';
import { unknownBmcProblem } from '#supervisor/text/unknown-bmc.ts';
import { shownDetail } from '#support/supervisor/shown-detail.ts';
import { readYaml } from '#support/read-yaml.ts';
import { runVbmc } from '#support/supervisor/run-vbmc.ts';
import { runningListing } from '#support/supervisor/running-listing.ts';
import { scriptedDaemon } from '#support/supervisor/scripted-daemon.ts';
import { temporaryDirectory } from '#support/temporary-directory.ts';
import type {
  VirtualBmcOutput,
  VirtualBmcRecordedBmc,
  VirtualBmcRun,
} from '../../../vectors/virtualbmc-output.ts';

const recorded = JSON.parse(
  readFileSync(new URL('../../../vectors/virtualbmc-output.json', import.meta.url), 'utf8'),
) as VirtualBmcOutput;

const statuses: Readonly<Record<string, BmcStatus>> = {
  running: 'running',
  down: 'stopped',
  error: 'bindFailed',
};

/** Newer versions of cliff take the titles of columns in small letters too, and so do we. */
const NEWER_IN_OURS = 'list -c port';

const runs = recorded.scenes.flatMap(({ bmcs, runs: all }) =>
  all.map((run) => {
    const place = run.columns === undefined ? 'a pipe' : `a terminal of ${run.columns} columns`;
    return [`${run.argv.join(' ')} (${bmcs.length} BMCs, ${place})`, run, bmcs] as const;
  }),
);

function listing({ name, status, address, port }: VirtualBmcRecordedBmc): BmcListing {
  return { ...runningListing, name, status: statuses[status] ?? 'invalid', address, port };
}

async function ours(run: VirtualBmcRun, bmcs: readonly VirtualBmcRecordedBmc[]): ReturnType<typeof runVbmc> {
  const runDirectory = join(temporaryDirectory(), 'run');
  const details = bmcs.map((bmc): [string, { body: unknown }] => [
    `GET /v1/bmcs/${encodeURIComponent(bmc.name)}`,
    { body: shownDetail(listing(bmc), { connectionUri: bmc.libvirtUri, username: bmc.username }) },
  ]);
  await scriptedDaemon(runDirectory, {
    // Not in the order of VirtualBMC: that is for ours to make.
    'GET /v1/bmcs': { body: { bmcs: bmcs.map(listing).reverse() } },
    ...Object.fromEntries(details),
    'GET /v1/bmcs/nothing': { status: 404, body: { error: problemText(unknownBmcProblem(['nothing'], [])) } },
  });
  return runVbmc(['--run-dir', runDirectory, ...run.argv], [], run.columns);
}

test('the recording has every format, option and status', () => {
  const lines = runs.map(([, { argv }]) => argv.join(' ')).join('\n');
  for (const format of ['csv', 'json', 'table', 'value', 'yaml']) expect(lines).toContain(`-f ${format}`);
  expect(new Set(recorded.scenes[0]?.bmcs.map(({ status }) => status))).toEqual(
    new Set(['running', 'down', 'error']),
  );
});

test.each(runs)('vbmc %s', async (_, run, bmcs) => {
  const { exitCode, results, problems } = await ours(run, bmcs);
  if (run.argv.join(' ') === NEWER_IN_OURS) {
    expect([exitCode, results.split('\n').length]).toEqual([0, bmcs.length + 5]);
    return;
  }
  expect(exitCode).toBe(run.exitCode);
  if (exitCode === 0) {
    expect(problems).toBe('');
    if (run.argv.includes('yaml')) {
      expect(alikeYaml(results)).toBe(alikeYaml(run.stdout));
      expect(readYaml(results)).toEqual(readYaml(run.stdout));
    } else expect(results).toBe(run.stdout);
  }
  if (exitCode === 1) {
    // The words without the number of the exit code in front of them.
    const words =
      run.stderr
        .trim()
        .split('\n')
        .at(-1)
        ?.replace(/^\(1\): Command failed: /, '') ?? '';
    expect(problems).toContain(words);
  }
});

/** There are two ways to write a letter beyond ASCII, and a text that begins with a dash. */
function alikeYaml(yaml: string): string {
  return yaml.replaceAll(/^.*(?:[^\p{ASCII}]|\\[xu]).*$/gmu, '…').replaceAll("'-x'", '-x');
}
