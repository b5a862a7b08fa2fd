/** Breaks the text of a cell into lines of a width, at the places where VirtualBMC breaks it. Pure. */
import { displayWidth } from '../../text/display-width.ts';

/** A hyphen ends a piece after two letters, or after a letter and a hyphen before it, when a word follows. */
const afterHyphen = /(?<=[\p{L}_]{2}-|[\p{L}_]-[\p{L}_]-)(?=[\p{L}_]-?[\p{L}_])/u;

/** The lines; the text has no line break. */
export function wrapCell(text: string, width: number): readonly string[] {
  const lines: string[] = [];
  let line = '';
  const pieces = text.split(/(\s+)/).flatMap((word) => word.split(afterHyphen));
  for (let piece of pieces.filter((each) => each !== '')) {
    while (displayWidth(line + piece) > width) {
      const [head, tail] = displayWidth(piece) > width ? cut(piece, width - displayWidth(line)) : ['', piece];
      const full = line + head;
      if (full.trim() !== '') lines.push(full.trimEnd());
      // A line never begins with the space at which the text was broken.
      [line, piece] = ['', tail.trimStart()];
    }
    line += line === '' && lines.length > 0 ? piece.trimStart() : piece;
  }
  return line.trim() === '' ? lines : [...lines, line.trimEnd()];
}

/** A piece that is wider than a line: as much as fits, to the last hyphen within if there is one. At least one character. */
function cut(piece: string, width: number): readonly [string, string] {
  const characters = Array.from(piece);
  let count = 0;
  while (displayWidth(characters.slice(0, count + 1).join('')) <= width) count += 1;
  const fitting = characters.slice(0, count);
  const hyphen = fitting.lastIndexOf('-');
  const end = hyphen > 0 && fitting.slice(0, hyphen).some((each) => each !== '-') ? hyphen + 1 : count;
  return [characters.slice(0, end).join(''), characters.slice(end).join('')];
}
