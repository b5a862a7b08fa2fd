import fc from 'fast-check';
import { checksum } from '@vbmc/ipmi-codec';

describe('checksum', () => {
  it('adds up to 0 with its bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => {
        const sum = bytes.reduce((total, byte) => total + byte, checksum(bytes));
        expect(sum % 256).toBe(0);
      }),
    );
  });

  it.each([
    ['of nothing', [], 0x00],
    ['of a request header to the BMC, network function App', [0x20, 0x18], 0xc8],
    ['of a response header to the remote console', [0x81, 0x1c], 0x63],
  ])('%s', (_what, bytes, expected) => {
    expect(checksum(Uint8Array.from(bytes))).toBe(expected);
  });
});
