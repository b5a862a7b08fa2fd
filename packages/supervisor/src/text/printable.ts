/**
 * Makes untrusted text safe for a terminal and for a log with one line per event: control characters, the characters that
 * reorder or hide text in Unicode, and halves of surrogate pairs become escapes, and the text is cut to `maximumLength`
 * characters.
 */
export function printable(text: string, maximumLength = 200): string {
  const shown = text.length > maximumLength ? `${text.slice(0, maximumLength)}...` : text;
  return shown.replaceAll(/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu, (character) => {
    const digits = (character.codePointAt(0) ?? 0).toString(16);
    return digits.length > 4 ? `\\u{${digits}}` : `\\u${digits.padStart(4, '0')}`;
  });
}
