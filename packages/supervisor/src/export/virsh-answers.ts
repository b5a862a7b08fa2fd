/** Reads virsh's output for an export. Its texts are English, because it runs with `LC_ALL=C`. */

const BYTES_PER_GIB = 1024 ** 3;
const END_OF_DEFINITION = '</domain>';

/** Splits a definition from the output of the next command of the same virsh. */
export function splitDefinition(text: string): { readonly xml: string; readonly rest: string } {
  const end = text.lastIndexOf(END_OF_DEFINITION) + END_OF_DEFINITION.length;
  return { xml: text.slice(0, end), rest: text.slice(end) };
}

/** `domblkinfo --all`: a table of Target, Capacity, Allocation, Physical; `-`: unknown. */
export function readDiskGib(table: string, target: string): number | undefined {
  const rows = table.split('\n').map((line) => line.trim().split(/\s+/));
  return wholeGib(rows.find(([name]) => name === target)?.[1]);
}

/** `domblkinfo` of one disk, and `vol-info --bytes`. */
export function readCapacityGib(text: string): number | undefined {
  return wholeGib(/^Capacity:\s*([0-9]+)/m.exec(text)?.[1]);
}

/** `undefined`: less than one, or unknown. */
function wholeGib(bytes: string | undefined): number | undefined {
  const gib = Math.floor(Number(bytes) / BYTES_PER_GIB);
  return gib >= 1 ? gib : undefined;
}
