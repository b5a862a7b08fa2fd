/** A two-pass assembler for hand-encoded machine code: it only works out where labels lie. */

export interface Reference {
  readonly label: string;
  /** `absolute`: 16-bit address. `near` and `short`: 16- and 8-bit distance from the next instruction. */
  readonly width: 'absolute' | 'near' | 'short';
}

/** An instruction as assembly text and its encoding, or a label that marks the next one. */
export type Line = { readonly label: string } | readonly [text: string, ...encoding: (number | Reference)[]];

export function absolute(label: string): Reference {
  return { label, width: 'absolute' };
}
export function near(label: string): Reference {
  return { label, width: 'near' };
}
export function short(label: string): Reference {
  return { label, width: 'short' };
}
export function at(label: string): Line {
  return { label };
}

/** A zero-terminated text. */
export function text(label: string, value: string): Line[] {
  return [at(label), [`db ${JSON.stringify(value)}, 0`, ...Buffer.from(value, 'latin1'), 0]];
}

function isLabel(line: Line): line is { readonly label: string } {
  return 'label' in line;
}
function sizeOf(part: number | Reference): number {
  return typeof part === 'number' || part.width === 'short' ? 1 : 2;
}

export function assemble(origin: number, lines: readonly Line[]): Buffer {
  const addresses = placeLabels(origin, lines);
  const bytes: number[] = [];
  for (const line of lines) {
    if (isLabel(line)) continue;
    const [assembly, ...encoding] = line;
    for (const part of encoding) {
      if (typeof part === 'number') {
        bytes.push(part);
        continue;
      }
      const target = addresses.get(part.label);
      if (target === undefined) throw new Error(`${assembly}: no label ${part.label}`);
      const next = origin + bytes.length + sizeOf(part);
      if (part.width === 'short') {
        const distance = target - next;
        if (distance < -128 || distance > 127) throw new Error(`${assembly}: ${part.label} is too far away`);
        bytes.push(distance & 0xff);
      } else {
        const value = part.width === 'absolute' ? target : target - next;
        bytes.push(value & 0xff, (value >> 8) & 0xff);
      }
    }
  }
  return Buffer.from(bytes);
}

function placeLabels(origin: number, lines: readonly Line[]): Map<string, number> {
  const addresses = new Map<string, number>();
  let address = origin;
  for (const line of lines) {
    if (isLabel(line)) addresses.set(line.label, address);
    else for (const part of line.slice(1) as (number | Reference)[]) address += sizeOf(part);
  }
  return addresses;
}
