import { listTable, showTable } from '#supervisor/cli/commands/virtualbmc-tables.ts';
import { bmcStatuses, type BmcStatus } from '#supervisor/status/bmc-listing.ts';
import { runningListing } from '#support/supervisor/running-listing.ts';
import { shownDetail } from '#support/supervisor/shown-detail.ts';

const settings = { connectionUri: 'qemu:///system', username: 'u' };

test.each([
  ['stopped', 'down', 'False'],
  ['starting', 'down', 'True'],
  ['running', 'running', 'True'],
  ['stopping', 'down', 'False'],
  ['failing', 'error', 'True'],
  ['backingOff', 'error', 'True'],
  ['bindFailed', 'error', 'True'],
  ['invalid', 'error', null],
] as const satisfies readonly (readonly [BmcStatus, string, string | null])[])(
  '%s is %s to VirtualBMC, and active %s',
  (status, word, active) => {
    const listing = { ...runningListing, status };
    expect(listTable([listing]).rows).toEqual([['node-0', word, '::', 6230]]);
    const { rows } = showTable(shownDetail(listing, settings));
    expect(rows).toContainEqual(['status', word]);
    expect(rows).toContainEqual(['active', active]);
  },
);

test('every status has a word', () => {
  const listings = bmcStatuses.map((status) => ({ ...runningListing, status }));
  for (const row of listTable(listings).rows) expect(['running', 'down', 'error']).toContain(row[1]);
});

test('BMCs are sorted by name, code point by code point', () => {
  const names = ['b', '\u{1f600}', '\uff21', 'B', 'ab', 'a'];
  const { rows } = listTable(names.map((name) => ({ ...runningListing, name })));
  expect(rows.map(([name]) => name)).toEqual(['B', 'a', 'ab', 'b', '\uff21', '\u{1f600}']);
});

test('an entry that has errors says nothing of what is unknown, and a SASL user is hidden', () => {
  const invalid = { ...shownDetail({ ...runningListing, address: null, port: null }, settings) };
  expect(showTable({ ...invalid, configuration: null }).rows).toEqual([
    ['active', 'True'],
    ['address', null],
    ['domain_name', 'node-0'],
    ['libvirt_sasl_password', '***'],
    ['libvirt_sasl_username', null],
    ['libvirt_uri', null],
    ['password', '***'],
    ['port', null],
    ['status', 'running'],
    ['username', null],
  ]);
  const { configuration, ...rest } = shownDetail(runningListing, settings);
  if (configuration === null) throw new Error('shownDetail has a configuration');
  const withSasl = { ...rest, configuration: { ...configuration, libvirtSasl: true } };
  expect(showTable(withSasl).rows).toContainEqual(['libvirt_sasl_username', '***']);
});
