/** The files with SASL credentials. `virsh` takes them from a file only; others can read argv and environment. */
import { createHash } from 'node:crypto';
import { mkdir, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { renderAuthConf } from './auth-conf.ts';
import { errorCode } from '../host/error-code.ts';
import type { BmcSettings } from '../inventory/inventory.ts';
import { Secret } from '../inventory/secret.ts';

interface AuthFile {
  readonly text: Secret;
  readonly path: string;
}

export class AuthFiles {
  readonly #directory: string;
  #files: ReadonlyMap<string, AuthFile> = new Map();
  readonly #paths = new Set<string>();
  #written = 0;

  constructor(directory: string) {
    this.#directory = directory;
  }

  /**
   * Writes a file, mode 0600, for each BMC with SASL credentials; returns the paths by the BMCs' names. A BMC with
   * unchanged credentials keeps its file, one with changed credentials gets a new path. The old files stay until
   * `prune`: workers may still read them.
   */
  async write(settings: readonly BmcSettings[]): Promise<ReadonlyMap<string, string>> {
    const files = new Map<string, AuthFile>();
    await mkdir(this.#directory, { recursive: true, mode: 0o700 });
    for (const { name, connectionUri, saslCredentials } of settings) {
      if (saslCredentials === undefined) continue;
      const text = new Secret(renderAuthConf(connectionUri, saslCredentials));
      const present = this.#files.get(name);
      files.set(
        name,
        present?.text.reveal() === text.reveal() ? present : { text, path: await this.#store(name, text) },
      );
    }
    this.#files = files;
    return new Map([...files].map(([name, { path }]) => [name, path]));
  }

  /** Removes the files that the last `write` did not return. */
  async prune(): Promise<void> {
    const kept = new Set([...this.#files.values()].map(({ path }) => path));
    const stale = [...this.#paths].filter((path) => !kept.has(path));
    for (const path of stale) {
      await rm(path, { force: true });
      this.#paths.delete(path);
    }
  }

  /** Writes files anew that another program has removed, at the same paths. Returns whether any was missing. */
  async restore(): Promise<boolean> {
    let missed = false;
    for (const { path, text } of this.#files.values()) {
      if (await exists(path)) continue;
      missed = true;
      await mkdir(this.#directory, { recursive: true, mode: 0o700 });
      await writeFile(path, text.reveal(), { mode: 0o600, flag: 'wx' });
    }
    return missed;
  }

  async #store(name: string, text: Secret): Promise<string> {
    // A BMC's name may contain slashes and be long; a file's name may not.
    const digest = createHash('sha256').update(name).digest('hex').slice(0, 32);
    this.#written += 1;
    const path = join(this.#directory, `${digest}.${this.#written}.conf`);
    await writeFile(path, text.reveal(), { mode: 0o600, flag: 'wx' });
    this.#paths.add(path);
    return path;
  }
}

async function exists(path: string): Promise<boolean> {
  try {
    await stat(path);
    return true;
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return false;
    throw error;
  }
}
