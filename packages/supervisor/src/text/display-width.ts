/** How many columns of a terminal a text takes: a Chinese character takes two, a combining one none. */
import stringWidth from 'string-width';

export function displayWidth(text: string): number {
  return stringWidth(text);
}
