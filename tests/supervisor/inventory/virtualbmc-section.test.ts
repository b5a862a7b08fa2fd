/** SASL credentials of [DEFAULT], and connections that another user's file names. */
import { parseInventory } from '#supervisor/inventory/parse-inventory.ts';
import { virtualBmcSection } from '#supervisor/inventory/virtualbmc-section.ts';

const DEFAULTS = `[DEFAULT]
libvirt_uri = qemu+tcp://ours/system
libvirt_sasl_username = ours
libvirt_sasl_password = secret
`;

function credentialsFor(config: string, isOwn: boolean, inventory = DEFAULTS): unknown {
  const text = `[VirtualBMC]\nport = 1\npassword = x\n${config}\n`;
  const file = { name: 'a', path: '/theirs/a/config', content: { ok: true, text, isOwn } as const };
  const [entry] = parseInventory(inventory, { virtualBmcs: [virtualBmcSection(file)] }).entries;
  if (entry?.valid !== true) return 'invalid';
  return entry.settings.saslCredentials?.username ?? 'none';
}

test.each([
  ['of our connection', '', false, 'ours'],
  ['of our connection by name', 'libvirt_uri = qemu+tcp://ours/system', false, 'ours'],
  ['of another one', 'libvirt_uri = qemu+tcp://eve.example.org/system', false, 'none'],
  ['of another one in an own file', 'libvirt_uri = qemu+tcp://other/system', true, 'ours'],
  [
    'of another one, with a name only',
    'libvirt_uri = qemu+tcp://eve.example.org/system\nlibvirt_sasl_username = eve',
    false,
    'invalid',
  ],
  [
    'of another one, with credentials',
    'libvirt_uri = qemu+tcp://eve.example.org/system\nlibvirt_sasl_username = eve\nlibvirt_sasl_password = e',
    false,
    'eve',
  ],
])('a file for a domain %s', (_, config, isOwn, credentials) => {
  expect(credentialsFor(config, isOwn)).toBe(credentials);
});

test('credentials of a [DEFAULT] without a connection are for that of this host', () => {
  const inventory = DEFAULTS.replace(/libvirt_uri.*\n/, '');
  expect(credentialsFor('libvirt_uri = qemu:///system', false, inventory)).toBe('ours');
  expect(credentialsFor('libvirt_uri = qemu+tcp://eve/system', false, inventory)).toBe('none');
});
