import type { BmcListing } from '#supervisor/status/bmc-listing.ts';
import { Metrics } from '#supervisor/metrics/metrics.ts';
import type { Sensed } from '#supervisor/status/sensed.ts';
import { runningListing } from '#support/supervisor/running-listing.ts';

const listing: BmcListing = { ...runningListing, name: 'a', pid: 7 };

const sensed: Sensed = { domainState: 'running', cpuPercent: 37, hasPanicked: true };

function metrics(listings: readonly BmcListing[] = [listing]): Metrics {
  return new Metrics({
    version: '1.2.3',
    figures: () =>
      listings.map((one) => ({
        ...{ listing: one, unansweredCalls: 2, sensed: one.name === 'a' ? sensed : {} },
        eventLogEntries: 7,
        ...{ activeSessions: 3, halfOpenSessions: 2, lockedOutLogins: 1 },
      })),
    connections: () => [
      { connectionUri: 'qemu:///system', unansweredDomains: 0 },
      { connectionUri: 'qemu+ssh://far/system', unansweredDomains: 3 },
    ],
    residentBytes: (pid) => pid * 1000,
    losses: () => ({ notStarted: new Map([['virsh', 4]]), logLines: 5 }),
  });
}

test('what vbmcd could not do is counted', async () => {
  const text = await metrics().text();
  expect(text).toContain('vbmc_program_start_failures_total{program="virsh"} 4\n');
  expect(text).toContain('vbmc_log_lines_dropped_total 5\n');
  expect(await metrics().text()).toContain('vbmc_log_lines_dropped_total 5\n');
});

test('gauges are read at the moment of the scrape', async () => {
  const text = await metrics([listing, { ...listing, name: 'b', status: 'bindFailed', pid: null }]).text();
  for (const line of [
    `vbmc_build_info{version="1.2.3",node="${process.version}"} 1`,
    'vbmc_bmcs{status="running"} 1',
    'vbmc_bmcs{status="bindFailed"} 1',
    'vbmc_bmcs{status="invalid"} 0',
    'vbmc_bmc_up{bmc="a"} 1',
    'vbmc_bmc_up{bmc="b"} 0',
    'vbmc_sessions_active{bmc="a"} 3',
    'vbmc_virsh_calls_unanswered{bmc="a"} 2',
    'vbmc_event_log_records{bmc="a"} 7',
    'vbmc_domains_unanswered{connection="qemu:///system"} 0',
    'vbmc_domains_unanswered{connection="qemu+ssh://far/system"} 3',
    'vbmc_sessions_half_open{bmc="a"} 2',
    'vbmc_logins_locked_out{bmc="a"} 1',
    'vbmc_worker_resident_memory_bytes{bmc="a"} 7000',
    'vbmc_sensor_domain_state{bmc="a",state="running"} 1',
    'vbmc_sensor_cpu_usage_ratio{bmc="a"} 0.37',
    'vbmc_sensor_os_panicked{bmc="a"} 1',
    'vbmc_sensor_disk_fault{bmc="a"} 0',
  ]) {
    expect(text).toContain(`${line}\n`);
  }
  expect(text).toContain('process_resident_memory_bytes');
  expect(text).not.toContain('vbmc_worker_resident_memory_bytes{bmc="b"}');
  expect(text).not.toMatch(/^vbmc_sensor_.*bmc="b"/m);
});

test('only counters have names that end in _total', async () => {
  const types = [...(await metrics().text()).matchAll(/^# TYPE (\S+_total) (\S+)$/gm)];
  expect(types.length).toBeGreaterThan(5);
  expect(types.filter(([, , type]) => type !== 'counter')).toEqual([]);
});

test('counts events, and an unknown text of a worker makes no new series', async () => {
  const counted = metrics();
  counted.event('a', { kind: 'sessionOpened', source: '', user: '', cipherSuiteId: 3, privilege: 'user' });
  // Rate-limited: the worker's counters count these, not the events that arrive.
  counted.event('a', { kind: 'loginAbandoned', source: '', user: '' });
  counted.event('a', {
    kind: 'domainActionFinished',
    action: 'chassisControl',
    description: '',
    user: '',
    source: '',
    durationMs: 1_500,
  });
  // Another client of the same change, which has happened once.
  counted.event('a', {
    ...{ kind: 'domainActionFinished', action: 'chassisControl', description: '', user: '', source: '' },
    ...{ durationMs: 1_000, shared: true },
  });
  counted.virshCall('domstate', 20, 'ok');
  counted.virshCall('rm -rf', 20, 'surprise');
  counted.counters('a', {
    ...{ malformedDatagrams: 5, oversizedDatagrams: 2, rateLimitedDatagrams: 3, notAllowedDatagrams: 4 },
    ...{ refusedLogins: 7, lockouts: 1 },
  });
  counted.workerRestarted('a');
  counted.reloaded('rejected');
  const text = await counted.text();
  for (const line of [
    'vbmc_sessions_opened_total{bmc="a"} 1',
    'vbmc_sessions_refused_total{bmc="a"} 7',
    'vbmc_lockouts_total{bmc="a"} 1',
    'vbmc_domain_actions_total{bmc="a",outcome="done"} 1',
    'vbmc_domain_action_duration_seconds_bucket{le="2.5",action="chassisControl"} 1',
    'vbmc_domain_action_duration_seconds_bucket{le="1",action="chassisControl"} 0',
    'vbmc_virsh_calls_total{verb="domstate",outcome="ok"} 1',
    'vbmc_virsh_calls_total{verb="other",outcome="other"} 1',
    'vbmc_malformed_datagrams_total{bmc="a"} 5',
    'vbmc_dropped_datagrams_total{bmc="a",cause="oversized"} 2',
    'vbmc_dropped_datagrams_total{bmc="a",cause="rateLimited"} 3',
    'vbmc_dropped_datagrams_total{bmc="a",cause="notAllowed"} 4',
    'vbmc_worker_restarts_total{bmc="a"} 1',
    'vbmc_reloads_total{outcome="rejected"} 1',
  ]) {
    expect(text).toContain(`${line}\n`);
  }
});

test('the series of a BMC end when it is removed', async () => {
  const counted = metrics([]);
  counted.event('a', { kind: 'sessionOpened', source: '', user: '', cipherSuiteId: 3, privilege: 'user' });
  counted.forget('a');
  expect(await counted.text()).not.toContain('bmc="a"');
});
