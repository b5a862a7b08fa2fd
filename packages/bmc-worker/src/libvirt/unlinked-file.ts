/** Passes a definition with secrets to one child process, so that no other can read it. */
import { randomUUID } from 'node:crypto';
import { open, unlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/**
 * Calls `use` with a descriptor of a file that holds `text` and has no name: it is unlinked before a byte is
 * written, so that not even SIGKILL leaves it behind. A pipe would be simpler, but `virsh define` opens its file by
 * name, and Node's pipes are sockets, which cannot be opened by name.
 *
 * @throws the file system's error, for example ENOSPC.
 */
export async function withUnlinkedFile<T>(text: string, use: (fd: number) => Promise<T>): Promise<T> {
  const path = join(tmpdir(), `vbmc-${randomUUID()}`);
  const file = await open(path, 'wx+', 0o600);
  try {
    await unlink(path);
    await file.writeFile(text);
    return await use(file.fd);
  } finally {
    await file.close();
  }
}
