/** Finds where virsh's own two lines end and the guest's bytes begin. Pure. */
import { ESCAPE_BYTE } from './console-command.ts';

/** What virsh prints last. A domain's name, which it prints before that, is UTF-8 and has no FFh. */
const lastWords = Buffer.concat([Buffer.from('Escape character is '), Buffer.from([ESCAPE_BYTE])]);
const NEWLINE = 0x0a;

/** virsh prints some 60 bytes and the domain's name, which libvirt bounds to the length of a file's name. */
const LONGEST_BANNER = 16_384;

export class ConsoleBanner {
  #read: Buffer = Buffer.alloc(0);

  /** The guest's bytes after the banner, perhaps none; undefined while it has not ended; `endless` for what is no banner. */
  push(bytes: Uint8Array): Uint8Array | 'endless' | undefined {
    this.#read = Buffer.concat([this.#read, bytes]);
    const found = this.#read.indexOf(lastWords);
    const end = found === -1 ? -1 : this.#read.indexOf(NEWLINE, found + lastWords.length);
    if (end !== -1 && end <= LONGEST_BANNER) return this.#read.subarray(end + 1);
    return this.#read.length > LONGEST_BANNER ? 'endless' : undefined;
  }
}
