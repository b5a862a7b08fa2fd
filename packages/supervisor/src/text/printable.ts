/**
 * Text from strangers, made safe for a terminal and a log of one line per event: control characters
 * and what Unicode uses to reorder a line become escapes, and no more than `maximumLength` characters stay.
 */
export function printable(text: string, maximumLength = 200): string {
  const shown = text.length > maximumLength ? `${text.slice(0, maximumLength)}...` : text;
  return shown.replaceAll(/[\p{Cc}\u2028-\u202e\u2066-\u2069]/gu, (character) => {
    return `\\u${(character.codePointAt(0) ?? 0).toString(16).padStart(4, '0')}`;
  });
}
