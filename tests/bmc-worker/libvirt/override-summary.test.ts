import { bootFlagsOf } from '#worker/libvirt/override-summary.ts';

function element(persistent: 'yes' | 'no'): string {
  return `<bootOverride id="1f0a-x" device="pxe" persistent="${persistent}" efi="yes" phase="armed" alone="yes">
  <original/>
</bootOverride>
`;
}

test.each([
  ['', undefined],
  ['<other device="pxe"/>', undefined],
  [element('yes'), { valid: true, persistent: true, efi: true, device: 'pxe' }],
  // Whether a boot has used it up shows in the running domain.
  [element('no'), 'mayBeUsedUp'],
])('%j', (text, bootFlags) => {
  expect(bootFlagsOf(text)).toEqual(bootFlags);
});
