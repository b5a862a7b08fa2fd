/** Cuts a stream into lines of bounded length, so that a program that never ends its line cannot fill the memory. Pure. */

export interface LineSplitter {
  /** Takes the next piece and returns the lines that it completes. */
  push(piece: string): readonly string[];
  /** How many characters of the unfinished line are kept: at most the maximum. */
  readonly unfinishedLength: number;
  /** Returns the text after the last line break, once the stream has ended. */
  end(): readonly string[];
}

/** Drops what exceeds `maximumLength` characters of a line, and empty lines unless told to keep them. */
export function createLineSplitter(maximumLength: number, keepsEmptyLines = false): LineSplitter {
  let rest = '';
  return {
    push(piece) {
      const lines: string[] = [];
      let from = 0;
      // Not by `split`: a piece of nothing but line breaks must not cost more than others.
      for (let end = piece.indexOf('\n'); end >= 0; end = piece.indexOf('\n', from)) {
        const line = rest + piece.slice(from, end);
        rest = '';
        from = end + 1;
        const text = line.endsWith('\r') ? line.slice(0, -1) : line;
        if (keepsEmptyLines || text !== '') lines.push(text.slice(0, maximumLength));
      }
      rest = (rest + piece.slice(from)).slice(0, maximumLength);
      return lines;
    },
    get unfinishedLength() {
      return rest.length;
    },
    end() {
      const last = rest;
      rest = '';
      return last === '' ? [] : [last];
    },
  };
}
