/** Names, keys and values of files that others write, on their way to a terminal and to the journal. */
import { Writable } from 'node:stream';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { formatSubject, fullMessage } from '#supervisor/inventory/diagnostic.ts';
import { createLog, logFormats } from '#supervisor/log/log.ts';
import { runVbmc } from '#support/supervisor/run-vbmc.ts';
import { findingsOf, readPlace, virtualBmcPlace } from '#support/supervisor/virtualbmc-files.ts';
import { temporaryDirectory } from '#support/temporary-directory.ts';

/** Clears a screen, begins a line as the journal's errors begin, and turns the direction of reading. */
const HOSTILE = 'x\u001b[2J\n<3>vbmcd is down\u202e\u009b5m\u2028y';
const unprintable = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u;

function hostilePlace() {
  const place = virtualBmcPlace(`[inv]\npassword = x\nprot\u001b[31m = 1\n`);
  place.write(HOSTILE, '[VirtualBMC]\nport = 1\n');
  place.write('values', `[VirtualBMC]\nport = 1\naddress = \u001b]0;x\u0007\u202e\n`);
  return place;
}

test('no finding has what a terminal obeys', async () => {
  const inventory = await readPlace(hostilePlace());
  const findings = findingsOf(inventory);
  expect(findings.length).toBeGreaterThanOrEqual(3);
  for (const finding of findings) expect(finding).not.toMatch(unprintable);
  expect(findings.join(' ')).toContain('x\\u001b[2J\\u000a<3>vbmcd is down\\u202e');
  for (const diagnostic of inventory.diagnostics) {
    expect(formatSubject('domains.ini', diagnostic)).not.toMatch(unprintable);
    expect(fullMessage(diagnostic)).not.toMatch(unprintable);
  }
});

test('vbmc validate prints one line for each finding', async () => {
  const { inventory } = hostilePlace();
  const { exitCode, results } = await runVbmc([
    '--run-dir',
    join(inventory, '../run'),
    'validate',
    inventory,
  ]);
  expect(exitCode).toBe(1);
  const lines = results.trimEnd().split('\n');
  expect(lines.length).toBeGreaterThanOrEqual(3);
  for (const line of lines) expect(line).not.toMatch(unprintable);
  for (const line of lines) expect(line).toMatch(/^\//);
});

test('a refusal that names a file is one line', async () => {
  const directory = temporaryDirectory();
  const inventory = join(directory, 'a\u001b[2J\n/domains.ini');
  mkdirSync(inventory, { recursive: true });
  writeFileSync(join(inventory, 'x'), '');
  const { problems } = await runVbmc(['--run-dir', join(directory, 'run'), 'validate', inventory]);
  expect(problems.trimEnd()).not.toMatch(unprintable);
  expect(problems).toContain('\\u001b[2J\\u000a');
});

test.each(logFormats.filter((format) => format !== 'json'))(
  'a line of the log in the format %s is one line, whoever has written its words',
  (format) => {
    let written = '';
    const stream = new Writable({
      write: (chunk: Buffer, _encoding, taken) => {
        written += chunk.toString();
        taken();
      },
    });
    const { log } = createLog('info', format, { stream });
    log('warn', `said ${HOSTILE}`, { bmc: HOSTILE });
    expect(written.endsWith('\n')).toBe(true);
    expect(written.slice(0, -1)).not.toMatch(unprintable);
    expect(written).toContain('said x\\u001b[2J');
  },
);
