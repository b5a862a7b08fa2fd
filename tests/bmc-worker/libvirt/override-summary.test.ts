import { bootFlagsOf } from '#worker/libvirt/override-summary.ts';

function element(persistent: 'yes' | 'no', more = ''): string {
  return `<bootOverride id="1f0a-x" device="pxe" persistent="${persistent}" efi="yes" ${more}phase="armed" alone="yes">
  <original/>
</bootOverride>
`;
}

test.each([
  ['', undefined],
  ['<other device="pxe"/>', undefined],
  [element('yes'), { valid: true, persistent: true, efi: true, device: 'pxe' }],
  [
    element('yes', 'firmwareRequests="72" '),
    { valid: true, persistent: true, efi: true, device: 'pxe', firmwareRequests: 72 },
  ],
  // Edited by hand: other bytes of the boot flags must stay as they are.
  ...['128', '-1', 'x', ''].map((text): [string, unknown] => [
    element('yes', `firmwareRequests="${text}" `),
    { valid: true, persistent: true, efi: true, device: 'pxe' },
  ]),
  // Whether a boot has used it up shows in the running domain.
  [element('no'), 'mayBeUsedUp'],
])('%j', (text, bootFlags) => {
  expect(bootFlagsOf(text)).toEqual(bootFlags);
});
