import { firstBootDevice } from './effect.ts';

function definition(boot: string, disk = '', card = ''): string {
  return `<domain><os>${boot}</os><devices><disk type='file' device='cdrom'></disk>
<disk type='file' device='disk'>\n${disk}</disk><interface type='user'>\n${card}</interface></devices></domain>`;
}

test.each([
  [definition("<boot dev='network'/><boot dev='hd'/>"), 'network'],
  [definition('', "<boot order='2'/>", "<boot order='1'/>"), 'network'],
  [definition('', "<boot order='2'/>", "<boot order='10'/>"), 'hd'],
  [definition(''), 'nothing in particular'],
])('%s', (xml, device) => {
  expect(firstBootDevice(xml)).toBe(device);
});
