/** Reads one file of VirtualBMC, which another program or user may have put there. */
import { constants } from 'node:fs';
import { open, type FileHandle } from 'node:fs/promises';
import { join } from 'node:path';
import { namingFile } from '../host/error-code.ts';
import type { FileOwnership } from '../host/file-exposure.ts';
import type { HeldEntry } from '../host/held-directory.ts';
import { Refusal } from '../host/operator-error.ts';

/** A hundred times what VirtualBMC writes. */
const MOST_BYTES = 65_536;

export interface ConfigFileText {
  readonly text: string;
  readonly status: FileOwnership;
}

/** Not blocking: a named pipe has no writer, and a device may never have something to read. */
const FLAGS = constants.O_RDONLY | constants.O_NONBLOCK | constants.O_NOFOLLOW;

/** Throws a `Refusal` for what is no file of VirtualBMC, and Node's error when it cannot be read. */
export async function readConfigText({ directory, name }: HeldEntry): Promise<ConfigFileText> {
  return directory.within(async (here) => {
    const file = await open(join(here, name), FLAGS);
    try {
      return await readOpenFile(file, join(directory.path, name));
    } catch (error) {
      throw namingFile(error, join(directory.path, name));
    } finally {
      await file.close();
    }
  });
}

async function readOpenFile(file: FileHandle, path: string): Promise<ConfigFileText> {
  const status = await file.stat();
  if (!status.isFile()) throw new Refusal(`${path} is not a file`, { remedy: 'remove it' });
  const buffer = Buffer.alloc(MOST_BYTES + 1);
  let length = 0;
  for (;;) {
    const { bytesRead } = await file.read(buffer, length);
    length += bytesRead;
    if (bytesRead === 0 || length > MOST_BYTES) break;
  }
  if (length > MOST_BYTES) {
    throw new Refusal(`${path} has more than ${MOST_BYTES} bytes`, {
      remedy: 'remove what does not belong there',
    });
  }
  const text = buffer.toString('utf8', 0, length);
  if (text.includes('\uFFFD')) throw new Refusal(`${path} is not UTF-8`, { remedy: 'save it as UTF-8' });
  return { text, status };
}
