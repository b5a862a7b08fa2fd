/** A text as IPMI clients read it: ISO 8859-1, one byte for each character. What it does not have becomes a question mark. */
export function latin1Bytes(text: string): Uint8Array {
  return Uint8Array.from(Array.from(text), (character) => {
    const code = character.codePointAt(0) ?? 0;
    const isPrintable = (code >= 0x20 && code <= 0x7e) || (code >= 0xa0 && code <= 0xff);
    return isPrintable ? code : 0x3f;
  });
}
