/** Types what waits at the guest, piece by piece, and tells when there is room again. */
import { ESCAPE_BYTE } from './console-command.ts';
import { TYPED_AHEAD, TypedBytes } from './typed-bytes.ts';

/** For virsh to read a piece before the next one; it takes 1 ms on an idle machine. */
const APART_MS = 5;

/**
 * As fast as a serial port of some 300,000 baud: `script` tells nobody how much it keeps of what the guest has not read, and a client
 * must not fill its memory.
 */
const BYTES_PER_MS = 32;

export interface TypistOptions {
  /** Writes to the terminal; calls back when the kernel has taken all, or never again will. */
  readonly write: (bytes: Uint8Array, written: () => void) => void;
  readonly drained: () => void;
  readonly after: (ms: number, act: () => void) => void;
}

export class Typist {
  readonly #options: TypistOptions;
  readonly #waiting = new TypedBytes();
  #mayType = false;
  /** In bytes. */
  #underWay = 0;
  #lastStoodAlone = false;
  #wantsRoom = false;
  #hasTypedEscape = false;

  constructor(options: TypistOptions) {
    this.#options = options;
  }

  /** The escape byte was among what it has typed: virsh may have taken it for one. */
  get hasTypedEscape(): boolean {
    return this.#hasTypedEscape;
  }

  /** Returns how many bytes it takes. */
  take(bytes: Uint8Array): number {
    const taken = this.#waiting.add(bytes, this.#underWay);
    this.#wantsRoom ||= taken < bytes.length;
    this.#next();
    return taken;
  }

  /** From now on; until then what is taken waits. */
  begin(): void {
    this.#mayType = true;
    this.#next();
  }

  end(): void {
    this.#mayType = false;
  }

  /** One piece at a time. */
  #next(): void {
    if (!this.#mayType || this.#underWay > 0) return;
    const piece = this.#waiting.next();
    if (piece === undefined) return;
    const { bytes, standsAlone } = piece;
    this.#underWay = bytes.length;
    const send = (): void => {
      this.#hasTypedEscape ||= bytes.includes(ESCAPE_BYTE);
      this.#options.write(bytes, () => {
        this.#options.after(
          Math.max(standsAlone ? APART_MS : 0, Math.ceil(bytes.length / BYTES_PER_MS)),
          done,
        );
      });
    };
    const done = (): void => {
      this.#underWay = 0;
      this.#lastStoodAlone = standsAlone;
      this.#next();
      this.#tellRoom();
    };
    if (standsAlone && !this.#lastStoodAlone) this.#options.after(APART_MS, send);
    else send();
  }

  #tellRoom(): void {
    const size = this.#waiting.size + this.#underWay;
    if (!this.#mayType || !this.#wantsRoom || size > TYPED_AHEAD / 2) return;
    this.#wantsRoom = false;
    this.#options.drained();
  }
}
