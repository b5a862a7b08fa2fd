/**
 * Makes untrusted text safe for a terminal and for a log with one line per event: control characters and the characters
 * that reorder a line in Unicode become escapes, and the text is cut to `maximumLength` characters.
 */
export function printable(text: string, maximumLength = 200): string {
  const shown = text.length > maximumLength ? `${text.slice(0, maximumLength)}...` : text;
  return shown.replaceAll(/[\p{Cc}\u2028-\u202e\u2066-\u2069]/gu, (character) => {
    return `\\u${(character.codePointAt(0) ?? 0).toString(16).padStart(4, '0')}`;
  });
}
