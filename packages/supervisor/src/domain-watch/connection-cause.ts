/** Why a virsh of the watch has not connected, in one line with its remedy. */
import { connectionTrouble, quoteConnectionError, remedyOfTrouble } from '@vbmc/bmc-worker/libvirt';
import { printable } from '../text/printable.ts';

/** ssh may write as much as it likes; its longest message, about a changed host key, has some 15. */
const MAXIMUM_LINES = 40;
/** virsh writes this line first, and the cause in those that follow. */
const FAILED_TO_CONNECT = 'error: failed to connect to the hypervisor';

/** What a virsh writes to its standard error. */
export class ConnectionComplaint {
  readonly #connectionUri: string;
  readonly #lines: string[] = [];
  #failed = false;

  constructor(connectionUri: string) {
    this.#connectionUri = connectionUri;
  }

  /** Whether virsh could not connect. It ends by itself then, after it has said why. */
  get isOfConnection(): boolean {
    return this.#failed;
  }

  add(line: string): void {
    this.#failed ||= line.endsWith(FAILED_TO_CONNECT);
    if (this.#lines.length < MAXIMUM_LINES) this.#lines.push(line);
  }

  /** `undefined`: virsh has written nothing. */
  cause(): string | undefined {
    if (this.#lines.length === 0) return undefined;
    if (!this.#failed) return printable((this.#lines[0] ?? '').replace(/^error: /, ''), 300);
    const text = this.#lines.join('\n');
    const quoted = printable(quoteConnectionError(text) || 'failed to connect to the hypervisor', 400);
    const trouble = connectionTrouble(text, this.#connectionUri);
    return trouble === undefined ? quoted : `${quoted} (${remedyOfTrouble(trouble)})`;
  }
}
