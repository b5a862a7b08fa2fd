/** Reads the tables of the kernel that hold the host's addresses. */
import { closeSync, openSync, readSync } from 'node:fs';
import type { AddressTables } from './address-tables.ts';
import { errorCode } from './error-code.ts';
import { Refusal } from './operator-error.ts';

/** A host with the routes of the whole internet has far more: reading them twice a second would keep a processor busy. */
const MOST_BYTES = 1_048_576;
const PIECE_BYTES = 16_384;

/** /proc/self is there in the service's sandbox too. Throws a system error, or a `Refusal` if a table is too long. */
export function readKernelTables(): AddressTables {
  return {
    fibTrie: readBounded('/proc/self/net/fib_trie'),
    ifInet6: readIfThere('/proc/self/net/if_inet6'),
  };
}

function readIfThere(path: string): string {
  try {
    return readBounded(path);
  } catch (error) {
    // A kernel without IPv6.
    if (errorCode(error) === 'ENOENT') return '';
    throw error;
  }
}

function readBounded(path: string): string {
  const fd = openSync(path, 'r');
  try {
    const pieces: Buffer[] = [];
    for (let length = 0; length <= MOST_BYTES;) {
      const piece = Buffer.alloc(PIECE_BYTES);
      const read = readSync(fd, piece);
      if (read === 0) return Buffer.concat(pieces).toString('latin1');
      pieces.push(piece.subarray(0, read));
      length += read;
    }
    throw new Refusal(`${path} has more than ${MOST_BYTES} bytes`);
  } finally {
    closeSync(fd);
  }
}
