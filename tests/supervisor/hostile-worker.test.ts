/** A real vbmcd with workers that write what an attacker in a worker could write: only these workers end, and are replaced. */
import { jest } from '@jest/globals';
import { exchange } from '#supervisor/cli/control-client.ts';
import type { BmcDetail } from '#supervisor/status/bmc-detail.ts';
import type { ViolationKind } from '#supervisor/status/channel-violation.ts';
import { hostileWrites } from '../fixtures/bin/hostile-writes.mjs';
import {
  isRunning,
  listed,
  pidOf,
  start as startDaemon,
  type Daemon,
  type Listings,
} from '#support/supervisor/real-daemon.ts';
import { temporaryDirectory } from '#support/temporary-directory.ts';
import { waitFor } from '#support/wait-for.ts';

// Real processes on a machine that may be busy; the deadlines inside the tests matter.
jest.setTimeout(180_000);

/** The rule that each breaks; without an entry: a message whose fields are wrong. */
const rules: ReadonlyMap<string, ViolationKind> = new Map([
  ['garbage', 'notJson'],
  ['bytes', 'notJson'],
  ['ready again', 'outOfTurn'],
  ['bind failed', 'outOfTurn'],
  ['endless line', 'lineTooLong'],
  ['endless lines', 'notJson'],
  ['endless events', 'tooMuch'],
  ['endless policies', 'tooMuch'],
  ['endless output', 'tooMuch'],
  ['endless errors', 'tooMuch'],
]);

const names = Object.keys(hostileWrites).filter((name) => name !== 'forged');

/** In groups, because each BMC is a process, and on two processors those start one after the other. */
const groups = Array.from({ length: Math.ceil(names.length / 10) }, (_, index) =>
  names.slice(10 * index, 10 * (index + 1)),
);

function start(behaviours: readonly string[], extra: readonly string[] = []): Daemon {
  const sections = behaviours.map(
    (behaviour, index) => `[bmc-${index}]\nport=${index + 2}\ndomain_name=hostile ${behaviour}\n`,
  );
  const inventory = `[DEFAULT]\npassword=x\n[witness]\nport=1\n${sections.join('')}`;
  return startDaemon(inventory, temporaryDirectory(), extra);
}

async function detailOf(daemon: Daemon, name: string): Promise<BmcDetail> {
  return JSON.parse((await exchange(daemon.runDirectory, 'GET', `/v1/bmcs/${name}`)).body) as BmcDetail;
}

/** Every text in a value, however deep. */
function textsIn(value: unknown): string[] {
  if (typeof value === 'string') return [value];
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(textsIn) : [];
}

test.each(groups.map((group) => [group.join(', '), group] as const))('%s', async (_, group) => {
  const daemon = start(group);
  const before = await listed(daemon, 'the witness', (found) => isRunning(found, 'witness'));
  const replaced = (found: Listings): boolean =>
    group.every((_behaviour, index) => {
      const bmc = found[`bmc-${index}`];
      return bmc?.status === 'running' && bmc.restarts === 1;
    });
  const after = await listed(daemon, 'every other worker to be replaced', replaced);
  expect(daemon.process.exitCode).toBeNull();
  expect(after['witness']).toEqual(before['witness']);
  expect(pidOf(after, 'witness')).toBeGreaterThan(0);

  const metrics = (await exchange(daemon.runDirectory, 'GET', '/metrics')).body;
  expect(metrics).toContain('vbmc_internal_errors_total 0\n');
  for (const [index, behaviour] of group.entries()) {
    const rule = rules.get(behaviour) ?? 'notAMessage';
    expect(metrics).toContain(`vbmc_channel_violations_total{bmc="bmc-${index}",rule="${rule}"} 1\n`);
    const { restartCauses } = await detailOf(daemon, `bmc-${index}`);
    expect(restartCauses.map(({ cause }) => cause)).toEqual([
      expect.stringMatching(/^worker [^\p{Cc}\p{Cf}]{1,400}: killed$/u),
    ]);
  }
  daemon.process.kill('SIGTERM');
  expect(await daemon.exit).toBe('0');
});

test.each(['text', 'journal'] as const)(
  'no text of a worker can be taken for a line of the %s log',
  async (format) => {
    const daemon = start(['forged'], ['--log-format', format]);
    await listed(daemon, 'running', (found) => isRunning(found, 'witness', 'bmc-0'));
    await waitFor(
      'what it writes',
      () => daemon.stderr().includes('FORGED') && daemon.stderr().includes('worker says'),
    );
    const { domainActions, failedLogins } = await detailOf(daemon, 'bmc-0');
    const { body } = await exchange(daemon.runDirectory, 'GET', '/v1/events');
    const texts = textsIn([domainActions, failedLogins, JSON.parse(body)]);
    expect(texts.filter((text) => /[\p{Cc}\p{Cf}\p{Zl}]/u.test(text))).toEqual([]);
    expect([domainActions.length, failedLogins.length]).toEqual([1, 1]);
    daemon.process.kill('SIGTERM');
    expect(await daemon.exit).toBe('0');
    const lines = daemon.stderr().trimEnd().split('\n');
    const wanted = format === 'text' ? /^\d{4}-\d\d-\d\dT[\d:.]+Z (error|warn |info |debug) / : /^<[3467]>/;
    expect(lines.filter((line) => !wanted.test(line))).toEqual([]);
    expect(lines.filter((line) => /[\p{Cc}\p{Cf}\p{Zl}]/u.test(line))).toEqual([]);
    // Each text is in one line of its own BMC.
    const forged = lines.filter((line) => line.includes('FORGED'));
    expect(forged.length).toBeGreaterThan(3);
    for (const line of forged) expect(line).toMatch(/^(\S+ \w+ +|<\d>)bmc-0: /);
  },
);
