import { parseDomain, type Element } from '#worker/libvirt/domain-xml.ts';
import { restartObstacle } from '#worker/libvirt/restart-obstacle.ts';

const RUNNING = `<domain><memory unit='KiB'>32768</memory><devices>
  <disk type='file' device='disk'><source file='/a.img' index='2'/><target dev='vda'/></disk>
  <disk type='file' device='cdrom'><source file='/a.iso'/><target dev='sda'/></disk>
  <interface type='network'><mac address='52:54:00:00:00:01'/><source network='default' portid='1'/></interface>
</devices></domain>`;

function root(xml: string): Element {
  const element = parseDomain(xml)?.documentElement;
  if (!element) throw new Error(`not a domain: ${xml}`);
  return element;
}
const ADDED = `<disk type='file' device='disk'><source file='/b.img'/><target dev='vdb'/></disk></devices>`;

test('none if the definition is what runs, but for what libvirt adds to a running domain', () => {
  const definition = RUNNING.replace(" index='2'", '').replace(" portid='1'", '');
  expect(restartObstacle(root(RUNNING), root(definition))).toBeUndefined();
  expect(restartObstacle(root(RUNNING), root(definition.replace('32768', '16384')))).toBeUndefined();
});

test.each([
  ['a disk attached with --live', RUNNING.replace('</devices>', ADDED), RUNNING, /disk:vdb.*remove it/],
  [
    'a disk that the next start adds',
    RUNNING,
    RUNNING.replace('</devices>', ADDED),
    /disk:vdb.*not started with it/,
  ],
  ['another medium', RUNNING, RUNNING.replace('/a.iso', '/b.iso'), /disk:sda has another medium/],
  [
    'an ejected medium',
    RUNNING.replace(`<source file='/a.iso'/>`, ''),
    RUNNING,
    /disk:sda has another medium/,
  ],
  ['more memory', RUNNING, RUNNING.replace('32768', '99999999'), /more memory/],
])('%s', (_what, live, definition, why) => {
  expect(restartObstacle(root(live), root(definition))).toMatch(why);
});
