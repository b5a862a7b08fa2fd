/** A start that libvirt refuses: answered with FFh, and libvirt's own words are in the log and in `vbmc show`. */
import { chassisOf } from '#support/clients/chassis.ts';
import { showBmc } from '#support/clients/show-bmc.ts';
import { startLab, type Lab } from '#lab/lab.ts';
import { waitFor } from '#support/wait-for.ts';

const FAILED = 0xff;
const NOT_IN_PRESENT_STATE = 0xd5;

let lab: Lab;
let sound: string;

beforeAll(async () => {
  lab = await startLab({ domains: 2 });
  sound = await lab.libvirt.virsh('dumpxml', '--inactive', '--security-info', 'node-0');
  await lab.libvirt.virsh('start', 'node-1');
});
afterAll(async () => {
  await lab.stop();
});

async function diskOf(name: string): Promise<string> {
  const xml = await lab.libvirt.virsh('dumpxml', '--inactive', name);
  return /<source file='([^']+)'/.exec(xml)?.[1] ?? '';
}

const NETWORK =
  '<network><name>asleep</name><bridge name="virbr99"/><ip address="192.0.2.1" netmask="255.255.255.0"/></network>';

const obstacles: readonly (readonly [string, RegExp, (xml: string) => string | Promise<string>])[] = [
  [
    'an image that is gone',
    /No such file or directory/,
    (xml) => xml.replace(/<source file='[^']+'/, "<source file='/nowhere/disk.raw'"),
  ],
  [
    'an image that another domain uses',
    /"write" lock/,
    async (xml) => xml.replace(/<source file='[^']+'/, `<source file='${await diskOf('node-1')}'`),
  ],
  [
    'more memory than there is',
    /Cannot allocate memory|cannot set up guest memory/,
    (xml) => xml.replaceAll(/(<(?:memory|currentMemory) unit=')KiB('>)\d+/g, '$1TiB$232'),
  ],
  [
    'a network that is not active',
    /network 'asleep' is not active/,
    (xml) => xml.replace("<interface type='user'>", "<interface type='network'><source network='asleep'/>"),
  ],
];

test.each(obstacles)('%s', async (_, words, spoil) => {
  await lab.libvirt.virsh('net-define', lab.libvirt.directory.write('network.xml', NETWORK)).catch(() => '');
  await lab.libvirt.defineDomain(await spoil(sound));
  const logged = lab.vbmcd.log().length;

  expect(await chassisOf(lab.bmc(0)).control('powerUp')).toBe(FAILED);
  expect(await lab.domstate('node-0')).toBe('shut off');
  await waitFor('the log to say why', () => words.test(lab.vbmcd.log().slice(logged)));
  expect((await showBmc(lab, 'node-0')).domainActions.at(-1)?.failure).toMatch(words);

  await lab.libvirt.defineDomain(sound);
  expect(await chassisOf(lab.bmc(0)).control('powerUp')).toBe(0);
  expect(await chassisOf(lab.bmc(0)).control('powerDown')).toBe(0);
});

test.each(['powerCycle', 'hardReset', 'softShutdown'] as const)(
  '%s of a domain that is off is a warning, and no error',
  async (control) => {
    const logged = lab.vbmcd.log().length;
    expect(await chassisOf(lab.bmc(0)).control(control)).toBe(NOT_IN_PRESENT_STATE);
    const line = await waitFor(
      'its line',
      () => /^.*not in the domain's present state.*$/m.exec(lab.vbmcd.log().slice(logged))?.[0],
    );
    expect(line).toMatch(/warn/i);
    expect(line).not.toMatch(/error/i);
  },
);
