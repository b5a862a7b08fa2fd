import fc from 'fast-check';
import { guidFromUuid, uuidFromGuid } from '@vbmc/ipmi-codec';
import { toHex } from '#support/hex.ts';

describe('GUID', () => {
  it('has SMBIOS order (the example of SMBIOS 3.x §7.2.1)', () => {
    const guid = guidFromUuid('00112233-4455-6677-8899-aabbccddeeff') ?? new Uint8Array(0);
    expect(toHex(guid)).toBe('33221100554477668899aabbccddeeff');
    expect(uuidFromGuid(guid)).toBe('00112233-4455-6677-8899-aabbccddeeff');
  });

  it('converts back to the same UUID, in lower case', () => {
    fc.assert(
      fc.property(fc.uuid(), (uuid) => {
        const guid = guidFromUuid(uuid.toUpperCase());
        expect(guid && uuidFromGuid(guid)).toBe(uuid);
      }),
    );
  });

  it.each(['', '00112233445566778899aabbccddeeff', '00112233-4455-6677-8899-aabbccddeef', 'g'.repeat(36)])(
    'is not made from %j',
    (text) => {
      expect(guidFromUuid(text)).toBeUndefined();
    },
  );
});
